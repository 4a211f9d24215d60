package dev.slipway.container.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One request and its answer over one connection (RFC 9112). What the sandbox answers is not trusted: its head has limits,
 * and a body's framing is read by one rule only.
 */
final class AgentExchange {
    private static final int BUFFER = 16 * 1024;

    private AgentExchange() {}

    /**
     * Sends the request and reads the answer's head. The body is sent meanwhile, so that an agent that answers before it has
     * read all is heard.
     *
     * @param silenceMax how long nothing may come or go, head and body
     * @throws IOException if the agent breaks off, is silent or does not speak HTTP
     */
    static AgentAnswer send(SocketChannel channel, AgentCall call, Duration silenceMax) throws IOException {
        return send(new AgentLine(channel, silenceMax), call);
    }

    /** As above, over a connection that is there already and is closed with the answer. */
    static AgentAnswer send(AgentLine line, AgentCall call) throws IOException {
        try {
            OutputStream out = line.output();
            out.write(head(call).getBytes(StandardCharsets.ISO_8859_1));
            InputStream body = call.body();
            if (body != null) {
                Thread.ofVirtual().name("agent-body").start(() -> sendBody(body, call.length(), out, line));
            }
            InputStream in = line.input();
            AgentHead head = AgentHead.read(in);
            return answer(call, head, in, line);
        } catch (IOException | RuntimeException e) {
            line.close();
            throw e;
        }
    }

    private static String head(AgentCall call) {
        StringBuilder head = new StringBuilder(256)
                .append(call.method())
                .append(' ')
                .append(call.target())
                .append(" HTTP/1.1\r\nConnection: close\r\n");
        if (!call.headers().containsKey("host")) {
            head.append("Host: agent\r\n");
        }
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            if (header.getValue().chars().anyMatch(c -> c == '\r' || c == '\n')) {
                throw new IllegalArgumentException(header.getKey() + ": a line break (expected: none in a header)");
            }
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (call.body() != null) {
            head.append(
                    call.length().isPresent()
                            ? "Content-Length: " + call.length().getAsLong()
                            : "Transfer-Encoding: chunked");
            head.append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static void sendBody(InputStream body, OptionalLong length, OutputStream out, AgentLine line) {
        byte[] buffer = new byte[BUFFER];
        long sent = 0;
        try (body) {
            int count;
            while ((count = body.read(buffer)) >= 0) {
                if (count == 0) {
                    continue;
                }
                sent += count;
                if (length.isEmpty()) {
                    out.write((HexFormat.of().toHexDigits(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                out.write(buffer, 0, count);
                if (length.isEmpty()) {
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
            if (length.isEmpty()) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else if (sent < length.getAsLong()) {
                line.close(); // the client broke off; the agent must not take what came for all
            }
        } catch (IOException | RuntimeException _) {
            // Either the client went in the middle, then the request must not seem complete, or the agent has stopped
            // reading, then its answer says why, if there is one to read.
            if (!line.isAnswering()) {
                line.close();
            }
        }
    }

    private static AgentAnswer answer(AgentCall call, AgentHead head, InputStream in, AgentLine line)
            throws IOException {
        line.answering();
        boolean none = call.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
        if (none) {
            return new AgentAnswer(
                    head.status(), head.headers(), OptionalLong.of(0), InputStream.nullInputStream(), line);
        }
        String encoding = head.headers().get("transfer-encoding");
        String length = head.headers().get("content-length");
        if (encoding != null) {
            if (length != null || !encoding.equalsIgnoreCase("chunked")) {
                throw new IOException("transfer-encoding: " + encoding + " (expected: chunked alone)");
            }
            return new AgentAnswer(head.status(), head.headers(), OptionalLong.empty(), new ChunkedBody(in), line);
        }
        if (length == null) {
            return new AgentAnswer(head.status(), head.headers(), OptionalLong.empty(), in, line);
        }
        if (!length.matches("[0-9]{1,15}")) {
            throw new IOException("content-length: " + length + " (expected: a number)");
        }
        long bytes = Long.parseLong(length);
        return new AgentAnswer(head.status(), head.headers(), OptionalLong.of(bytes), new SizedBody(in, bytes), line);
    }
}
