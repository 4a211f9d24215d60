package dev.slipway.agent.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A shell's beginning or end.
 *
 * @param at the position in the output where it happened
 * @param exitCode of an end; null where the sandbox was stopped under the shell
 */
record ShellEvent(long at, boolean started, @Nullable Integer exitCode, Instant time) {
    static ShellEvent parse(JsonNode json) {
        return new ShellEvent(
                json.path("seq").asLong(),
                json.path("event").asText().equals("started"),
                json.hasNonNull("exitCode") ? json.path("exitCode").asInt() : null,
                Instant.parse(json.path("time").asText()));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("seq", at)
                .put("event", started ? "started" : "exited")
                .put("time", time.toString());
        return started ? json : json.put("exitCode", exitCode);
    }
}
