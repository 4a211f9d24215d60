package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.cli.Permissions;
import java.util.Optional;

/**
 * A turn that is wished for.
 *
 * @param prompt ACP content blocks
 * @param reasoning how hard the model is to think, in the agent's words
 * @param permissions for this turn alone; empty: what the session was configured with
 * @param continues whether something was said in this session before
 * @param history what was said before, as text; empty unless the agent may have forgotten it
 */
public record TurnRequest(
        String turnId,
        JsonNode prompt,
        Optional<String> model,
        Optional<String> mode,
        Optional<String> reasoning,
        Optional<Permissions> permissions,
        boolean continues,
        Optional<String> history) {
    private static final String ID = "[A-Za-z0-9_.:-]{1,128}";

    /** @throws IllegalArgumentException if something is missing or malformed, with what was expected */
    public static TurnRequest parse(JsonNode json) {
        String id = json.path("turnId").asText("");
        if (!id.matches(ID)) {
            throw new IllegalArgumentException("turnId: " + id + " (expected: " + ID + ")");
        }
        JsonNode prompt = json.path("prompt");
        if (!prompt.isArray() || prompt.isEmpty()) {
            throw new IllegalArgumentException("prompt: missing (expected: a list of ACP content blocks)");
        }
        return new TurnRequest(
                id,
                prompt,
                text(json.path("model")),
                text(json.path("mode")),
                text(json.path("reasoning")),
                text(json.path("permissions")).map(Permissions::of),
                json.path("continues").asBoolean(),
                text(json.path("history")));
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? Optional.of(node.asText()) : Optional.empty();
    }

    /** The text of the prompt, without what is attached to it. */
    String text() {
        var text = new StringBuilder();
        prompt.forEach(block -> {
            if (block.path("type").asText().equals("text")) {
                text.append(block.path("text").asText()).append('\n');
            }
        });
        return text.toString().strip();
    }
}
