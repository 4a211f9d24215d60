package dev.slipway.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.util.Map;

/** What a handler answers: all of it at hand, or written as it comes. */
public sealed interface HttpResponse {

    /** The HTTP status. */
    int status();

    /** An answer whose length is known. */
    record Whole(int status, String contentType, String body, Map<String, String> headers) implements HttpResponse {}

    /** An answer that is sent in pieces, for as long as {@code body} writes. */
    record Streamed(int status, String contentType, Body body, Map<String, String> headers) implements HttpResponse {
        public Streamed(int status, String contentType, Body body) {
            this(status, contentType, body, Map.of());
        }
    }

    /** From here on the connection speaks something else (RFC 9110, section 7.8), and ends when {@code exchange} returns. */
    record Switched(String protocol, Exchange exchange) implements HttpResponse {
        @Override
        public int status() {
            return 101;
        }
    }

    /** What goes on after a switch: both directions are the client's, the channel is for closing one of them. */
    @FunctionalInterface
    interface Exchange {
        void run(InputStream in, OutputStream out, SocketChannel channel) throws IOException, InterruptedException;
    }

    /** Writes a streamed answer; what was written is sent at the latest with {@link OutputStream#flush}. */
    @FunctionalInterface
    interface Body {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /** A JSON answer. */
    static HttpResponse json(int status, JsonNode body) {
        return new Whole(status, "application/json", body.toString(), Map.of());
    }

    /** A problem document. */
    static HttpResponse of(Problem problem) {
        return new Whole(
                problem.status(), "application/problem+json", problem.toJson().toString(), problem.headers());
    }
}
