package dev.slipway.container.agent;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request to an agent.
 *
 * @param target path and query, encoded
 * @param headers without those of the connection
 * @param body null for none
 * @param length of the body, where it is known
 */
public record AgentCall(
        String method,
        String target,
        Map<String, String> headers,
        @Nullable InputStream body,
        OptionalLong length) {
    public AgentCall {
        headers = Map.copyOf(headers);
        if (!method.matches("[A-Z]{1,20}")) {
            throw new IllegalArgumentException("method: " + method + " (expected: upper-case letters)");
        }
        if (!target.matches("/[!-~]*")) {
            throw new IllegalArgumentException("target: " + target + " (expected: an encoded path and query)");
        }
    }

    /** A request without a body. */
    public static AgentCall get(String target) {
        return new AgentCall("GET", target, Map.of(), null, OptionalLong.empty());
    }

    /** A request with a body that is at hand. */
    public static AgentCall of(String method, String target, String contentType, byte[] body) {
        return new AgentCall(
                method,
                target,
                Map.of("Content-Type", contentType),
                new ByteArrayInputStream(body),
                OptionalLong.of(body.length));
    }
}
