package dev.slipway.credential.bench;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.credential.testing.TestTokens;
import dev.slipway.kit.identity.IdentityTokens;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection that asks for the rules again and again, and makes next to no garbage meanwhile. */
final class KeptConnection implements AutoCloseable {
    /** A signed token is asked with for this long; it is good for longer. */
    private static final long TOKEN_NANOS = 20_000_000_000L;

    private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

    private final String key;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] line = new byte[1024];
    private final byte[] body = new byte[1 << 16];
    private byte[] request = {};
    private long signedAt;

    KeptConnection(int port, String key) throws IOException {
        this.key = key;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /** Asks once; how many bytes the answer has. */
    int ask() throws IOException {
        if (request.length == 0 || System.nanoTime() - signedAt > TOKEN_NANOS) {
            request = signed();
            signedAt = System.nanoTime();
        }
        out.write(request);
        int length = readLine();
        // "HTTP/1.1 200 OK"
        if (length < 12 || line[9] != '2' || line[10] != '0' || line[11] != '0') {
            throw new IOException("answer: " + new String(line, 0, length, StandardCharsets.US_ASCII));
        }
        int bytes = -1;
        for (length = readLine(); length > 0; length = readLine()) {
            bytes = length(length, bytes);
        }
        if (bytes < 0 || in.readNBytes(body, 0, bytes) < bytes) {
            throw new EOFException("answer: its body is cut off");
        }
        return bytes;
    }

    private byte[] signed() {
        String token = TestTokens.sign(ServiceUnderTest.proxyOf(ServiceUnderTest.PROJECT), "credential-service", key);
        return ("GET /internal/projects/" + ServiceUnderTest.PROJECT + "/rules HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + IdentityTokens.HEADER + ": " + token + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a line into {@link #line}, without its end; its length. */
    private int readLine() throws IOException {
        int length = 0;
        for (int each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0) {
                throw new EOFException("answer: its head is cut off");
            }
            if (each != '\r') {
                line[length++] = (byte) each;
            }
        }
        return length;
    }

    private int length(int lineLength, int otherwise) {
        for (int i = 0; i < LENGTH.length; i++) {
            if (i >= lineLength || (line[i] | 0x20) != (LENGTH[i] | 0x20)) {
                return otherwise;
            }
        }
        int value = 0;
        for (int i = LENGTH.length; i < lineLength; i++) {
            value = 10 * value + line[i] - '0';
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
