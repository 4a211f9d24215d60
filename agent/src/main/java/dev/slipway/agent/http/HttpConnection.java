package dev.slipway.agent.http;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection: requests one after the other, until either side has had enough. */
final class HttpConnection {
    private static final int LINE_MAX = 8 * 1024;
    private static final int HEAD_MAX = 16 * 1024;
    /** What a handler left unread is read away up to here, so that the connection can be used again. */
    private static final int DRAIN_MAX = 64 * 1024;

    private static final Duration IDLE_MAX = Duration.ofMinutes(2);
    private static final Duration HEAD_TIME_MAX = Duration.ofSeconds(15);

    private final SocketChannel channel;
    private final Router router;
    private final InputStream in;
    private final OutputStream out;
    /** By when the next thing has to happen, in terms of {@link System#nanoTime}; {@link #NEVER} while a handler works. */
    private volatile long deadline = after(IDLE_MAX);

    private static final long NEVER = Long.MIN_VALUE;

    HttpConnection(SocketChannel channel, Router router) {
        this.channel = channel;
        this.router = router;
        this.in = ChannelStreams.input(channel);
        this.out = ChannelStreams.output(channel);
    }

    boolean isOverdue() {
        long at = deadline;
        return at != NEVER && System.nanoTime() - at > 0;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            Log.warn("agent socket cannot close a connection", "error", e.getMessage());
        }
    }

    void serve() {
        try (channel) {
            while (serveOne()) {
                deadline = after(IDLE_MAX);
            }
        } catch (IOException _) {
            // The client has gone, in the middle of something or between two requests; there is nobody to tell.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the connection may be used for another request */
    private boolean serveOne() throws IOException, InterruptedException {
        Head head;
        try {
            head = readHead();
        } catch (Problem problem) {
            send(HttpResponse.of(problem), false, false);
            return false;
        }
        if (head == null) {
            return false;
        }
        deadline = NEVER;
        ContinueBody body = new ContinueBody(head.body, head.expectsContinue ? out : null);
        HttpResponse response;
        try {
            HttpRequest.Target target = HttpRequest.target(head.target);
            response = router.answer(new HttpRequest(head.method, target.path(), target.query(), head.headers, body));
        } catch (Problem problem) {
            response = HttpResponse.of(problem);
        } catch (RuntimeException e) {
            Log.warn(
                    "request failed",
                    "method",
                    head.method,
                    "error",
                    e,
                    "at",
                    e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]);
            response = HttpResponse.of(Problem.of(500, "The sandbox's agent failed; its log says more."));
        }
        if (response instanceof HttpResponse.Switched(String protocol, HttpResponse.Exchange exchange)) {
            String answer =
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n";
            out.write(answer.getBytes(StandardCharsets.US_ASCII));
            exchange.run(in, out, channel);
            return false;
        }
        // A client that still waits for leave to send its body will not send it now, so nothing is left to read.
        boolean reusable =
                head.keepAlive && !body.isWithheld() && (response instanceof HttpResponse.Streamed || drain(body));
        send(response, reusable, head.method.equals("HEAD"));
        return reusable && (response instanceof HttpResponse.Whole || drain(body));
    }

    private record Head(
            String method,
            String target,
            Map<String, String> headers,
            InputStream body,
            boolean keepAlive,
            boolean expectsContinue) {}

    private @Nullable Head readHead() throws IOException {
        String requestLine = firstLine();
        if (requestLine == null) {
            return null;
        }
        deadline = after(HEAD_TIME_MAX);
        String[] parts = requestLine.split(" ", -1);
        if (parts.length != 3 || !parts[0].matches("[A-Z]{1,20}")) {
            throw Problem.of(400, "The request line is malformed.");
        }
        if (!parts[2].equals("HTTP/1.1")) {
            throw Problem.of(505, "This server speaks HTTP/1.1.");
        }
        Map<String, String> headers = readHeaders(requestLine.length());
        if (!headers.containsKey("host")) {
            throw Problem.of(400, "The request has no Host header.");
        }
        boolean keepAlive =
                !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
        String expect = headers.get("expect");
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            throw Problem.of(417, "The only expectation known here is 100-continue.");
        }
        return new Head(parts[0], parts[1], headers, bodyOf(headers), keepAlive, expect != null);
    }

    /** @return null when the client has closed the connection instead of asking again */
    private @Nullable String firstLine() throws IOException {
        int first;
        // RFC 9112, section 2.2: at least one empty line before a request is to be ignored.
        do {
            first = in.read();
        } while (first == '\r' || first == '\n');
        if (first < 0) {
            return null;
        }
        return (char) first + BodyStreams.line(in, LINE_MAX);
    }

    private Map<String, String> readHeaders(int bytesSoFar) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        int bytes = bytesSoFar;
        String line;
        while (true) {
            line = BodyStreams.line(in, LINE_MAX);
            if (line.isEmpty()) {
                return headers;
            }
            bytes += line.length();
            if (bytes > HEAD_MAX) {
                throw Problem.of(431, "The request's head is larger than " + HEAD_MAX + " bytes.");
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || !line.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw Problem.of(400, "A header line is malformed.");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + "," + b);
        }
    }

    private InputStream bodyOf(Map<String, String> headers) {
        String encoding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (encoding != null) {
            // Both together is how requests are smuggled past a proxy (RFC 9112, section 6.1).
            if (length != null) {
                throw Problem.of(400, "The request has both Content-Length and Transfer-Encoding.");
            }
            if (!encoding.equalsIgnoreCase("chunked")) {
                throw Problem.of(501, "The only transfer encoding known here is chunked.");
            }
            return BodyStreams.chunked(in);
        }
        if (length == null) {
            return InputStream.nullInputStream();
        }
        if (!length.matches("[0-9]{1,15}")) {
            throw Problem.of(400, "Content-Length is not a number.");
        }
        return BodyStreams.ofLength(in, Long.parseLong(length));
    }

    /** @return whether the body has been read to its end */
    private static boolean drain(InputStream body) {
        byte[] buffer = new byte[4096];
        int drained = 0;
        try {
            int count;
            while ((count = body.read(buffer)) >= 0) {
                drained += count;
                if (drained > DRAIN_MAX) {
                    return false;
                }
            }
            return true;
        } catch (Problem | IOException _) {
            // The answer is owed all the same; the connection ends after it.
            return false;
        }
    }

    private void send(HttpResponse response, boolean keepAlive, boolean headOnly)
            throws IOException, InterruptedException {
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(Problem.title(response.status()))
                .append("\r\n");
        if (!keepAlive) {
            head.append("Connection: close\r\n");
        }
        switch (response) {
            case HttpResponse.Switched _ ->
                throw new IllegalStateException("a switched connection gets no more answers");
            case HttpResponse.Whole whole -> {
                whole.headers()
                        .forEach((name, value) ->
                                head.append(name).append(": ").append(value).append("\r\n"));
                byte[] body = whole.body().getBytes(StandardCharsets.UTF_8);
                head.append("Content-Type: ")
                        .append(whole.contentType())
                        .append("\r\nContent-Length: ")
                        .append(body.length);
                byte[] headBytes = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
                byte[] all = Arrays.copyOf(headBytes, headBytes.length + (headOnly ? 0 : body.length));
                System.arraycopy(body, 0, all, headBytes.length, all.length - headBytes.length);
                out.write(all);
            }
            case HttpResponse.Streamed streamed -> {
                streamed.headers()
                        .forEach((name, value) ->
                                head.append(name).append(": ").append(value).append("\r\n"));
                head.append("Content-Type: ")
                        .append(streamed.contentType())
                        .append("\r\nTransfer-Encoding: chunked\r\n\r\n");
                out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
                if (!headOnly) {
                    OutputStream body = BodyStreams.chunkedOutput(out);
                    try {
                        streamed.body().writeTo(body);
                    } catch (IOException | RuntimeException | InterruptedException e) {
                        // The end of the chunks would say that this was all; only breaking the connection says it was
                        // not.
                        close();
                        throw e;
                    }
                    body.close();
                }
            }
        }
    }

    private static long after(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    /** Asks the client for the body when it is first wanted (RFC 9110, section 10.1.1). */
    private static final class ContinueBody extends InputStream {
        private final InputStream body;
        private @Nullable OutputStream asksOn;

        private ContinueBody(InputStream body, @Nullable OutputStream asksOn) {
            this.body = body;
            this.asksOn = asksOn;
        }

        private boolean isWithheld() {
            return asksOn != null;
        }

        @Override
        public int read() throws IOException {
            ask();
            return body.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            ask();
            return body.read(target, offset, length);
        }

        private void ask() throws IOException {
            OutputStream client = asksOn;
            if (client != null) {
                asksOn = null;
                client.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
