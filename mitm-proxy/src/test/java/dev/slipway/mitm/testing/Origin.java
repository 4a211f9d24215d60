package dev.slipway.mitm.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server on loopback that a test scripts byte by byte; keeps what it was asked. */
public final class Origin implements AutoCloseable {
    /** Answers one request whose head was read. */
    @FunctionalInterface
    public interface Script {
        /** Reads the body if it wants, and writes the answer; false closes the connection. */
        boolean answer(Head head, InputStream in, OutputStream out) throws Exception;
    }

    /** A request's head as it arrived. */
    public record Head(String line, List<String> fields) {
        /** The value of a header that stands there once; null if it does not. */
        public @Nullable String header(String name) {
            List<String> values = fields.stream()
                    .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(field -> field.substring(name.length() + 1).strip())
                    .toList();
            if (values.size() > 1) {
                throw new AssertionError(name + " stands there " + values.size() + " times");
            }
            return values.isEmpty() ? null : values.getFirst();
        }

        /** The request target. */
        public String target() {
            return line.split(" ", -1)[1];
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Head> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closedByPeer = new AtomicInteger();

    private Origin(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    /** A server that speaks TLS. */
    public static Origin tls(SSLContext context, Script script) throws IOException {
        return new Origin(
                context.getServerSocketFactory().createServerSocket(0, 500, InetAddress.getLoopbackAddress()), script);
    }

    /** A server that speaks plain HTTP. */
    public static Origin plain(Script script) throws IOException {
        return new Origin(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()), script);
    }

    /** Answers every request with this text. */
    public static Script text(String body) {
        return (head, in, out) -> {
            drainBody(head, in);
            boolean noBody = head.line().startsWith("HEAD ");
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + (noBody ? "" : body))
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return true;
        };
    }

    public int port() {
        return listener.getLocalPort();
    }

    public List<Head> heads() {
        return List.copyOf(heads);
    }

    public Head onlyHead() {
        if (heads.size() != 1) {
            throw new AssertionError(heads.size() + " requests arrived (expected: one)");
        }
        return heads.getFirst();
    }

    public int connections() {
        return connections.get();
    }

    /** How many connections were ended by the other side, cleanly or not. */
    public int closedByPeer() {
        return closedByPeer.get();
    }

    /** Reads a body that has a length or is chunked, and gives its bytes. */
    public static byte[] drainBody(Head head, InputStream in) throws IOException {
        String length = head.header("Content-Length");
        if (length != null) {
            return in.readNBytes(Integer.parseInt(length));
        }
        if (head.header("Transfer-Encoding") == null) {
            return new byte[0];
        }
        var body = new java.io.ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        String trailer = line(in);
        while (!trailer.isEmpty()) {
            trailer = line(in);
        }
        return body.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean open = true;
            while (open) {
                Head head = head(in);
                if (head == null) {
                    closedByPeer.incrementAndGet();
                    return;
                }
                heads.add(head);
                open = script.answer(head, in, out);
            }
        } catch (Exception broken) {
            closedByPeer.incrementAndGet();
        }
    }

    private static @Nullable Head head(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        List<String> fields = new CopyOnWriteArrayList<>();
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            fields.add(field);
        }
        return new Head(first, fields);
    }

    /** A line without its end; empty at the end of the stream too. */
    public static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
