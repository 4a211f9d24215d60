package dev.slipway.gateway.door;

import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.kit.problem.Problems;
import io.micronaut.serde.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Writes problems where no controller is in play. */
@Singleton
class RefusalWriter {
    private final ObjectMapper json;

    RefusalWriter(ObjectMapper json) {
        this.json = json;
    }

    FullHttpResponse answer(ProblemException problem, String requestId) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.status().getCode()),
                Unpooled.wrappedBuffer(body(problem, requestId)));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.headers()
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        if (problem.status().getCode() == 401) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        return response;
    }

    private byte[] body(ProblemException problem, String requestId) {
        try {
            return json.writeValueAsBytes(Problems.of(problem, requestId));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a problem", e);
        }
    }
}
