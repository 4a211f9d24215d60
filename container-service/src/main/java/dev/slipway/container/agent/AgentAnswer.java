package dev.slipway.container.agent;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An agent's answer, whose body is read as it comes. Closing it ends the request at the agent's side too.
 *
 * @param headers by name in lower case
 * @param length of the body, where the agent says so
 */
public record AgentAnswer(
        int status, Map<String, String> headers, OptionalLong length, InputStream body, AgentLine line)
        implements AutoCloseable {
    /** The header of that name, given in lower case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    @Override
    public void close() {
        line.close();
    }
}
