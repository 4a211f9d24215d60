package dev.slipway.gateway.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of bare sockets. */
final class RawClient implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");

    final Socket socket;
    final InputStream in;
    final OutputStream out;

    RawClient(int port) throws IOException {
        socket = new Socket(java.net.InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    void send(String text) throws IOException {
        ScriptedService.send(out, text);
    }

    void get(String path, String... headers) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n");
    }

    String head() throws IOException {
        return ScriptedService.readHead(in);
    }

    /** Reads an answer of known length, and gives its status line and its body. */
    String answer() throws IOException {
        String head = head();
        Matcher length = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
        byte[] body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
        return head.lines().findFirst().orElse("") + " | " + new String(body, StandardCharsets.UTF_8);
    }

    /** Reads so many bytes. */
    String text(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    boolean atEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException _) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
