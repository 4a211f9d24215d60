package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The data of {@code turn.ended}. */
final class Outcomes {
    private Outcomes() {}

    static ObjectNode error(String code, String message) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.putObject("error").put("code", code).put("message", message);
        return data;
    }

    /** How a turn ends whose disk is full, however it would have ended otherwise. */
    static ObjectNode diskFull(ObjectNode otherwise) {
        ObjectNode data = error(
                "disk_full",
                "The session's disk is full, so the turn was ended. Free some space in the session's terminal, or give the session a"
                        + " larger disk, then go on.");
        if (otherwise.path("usage").isObject()) {
            data.set("usage", otherwise.get("usage"));
        }
        return data;
    }

    /** @param result of {@code session/prompt} */
    static ObjectNode of(JsonNode result) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("stopReason", result.path("stopReason").asText("end_turn"));
        JsonNode usage = usageOf(result);
        if (usage.isObject()) {
            data.set("usage", usage);
        }
        return data;
    }

    /** Most agents have it beside the stop reason; one has it as a quota in the meta data, in words of its own. */
    static JsonNode usageOf(JsonNode result) {
        if (result.hasNonNull("usage")) {
            return result.get("usage");
        }
        JsonNode quota = result.path("_meta").path("quota").path("token_count");
        if (!quota.has("input_tokens")) {
            return quota;
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("inputTokens", quota.path("input_tokens").asLong())
                .put("outputTokens", quota.path("output_tokens").asLong());
    }
}
