package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What somebody answers when the agent asks, and how ACP says it. */
public sealed interface RequestAnswer {
    /** One of the options of a permission request. */
    record Chosen(String optionId) implements RequestAnswer {}

    /** The fields of a question, by name. */
    record Said(JsonNode answers) implements RequestAnswer {}

    /** The agent is to go on without. */
    record Declined() implements RequestAnswer {}

    /** Nobody will answer: the turn is about to end. */
    record Cancelled() implements RequestAnswer {}

    /** The result of {@code session/request_permission}. */
    default ObjectNode asPermission() {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ObjectNode outcome = result.putObject("outcome");
        if (this instanceof Chosen(String optionId)) {
            outcome.put("outcome", "selected").put("optionId", optionId);
        } else {
            outcome.put("outcome", "cancelled");
        }
        return result;
    }

    /** The result of {@code elicitation/create}. */
    default ObjectNode asElicitation() {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        return switch (this) {
            case Said(JsonNode answers) -> result.put("action", "accept").set("content", answers);
            case Declined _ -> result.put("action", "decline");
            case Chosen _, Cancelled _ -> result.put("action", "cancel");
        };
    }

    /** The data of {@code acp.request.resolved}. */
    default ObjectNode asEntry(String requestId, String by) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("requestId", requestId);
        data.put("optionId", this instanceof Chosen(String optionId) ? optionId : null);
        if (this instanceof Said(JsonNode answers)) {
            data.set("answers", answers);
        }
        return data.put("cancelled", this instanceof Cancelled || this instanceof Declined)
                .put("by", by);
    }
}
