package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/** Reads in the updates of a turn what the turn's own result does not tell. Used by the ACP reader's thread and the turn's. */
final class UpdateWatch {
    private static final int TEXT_MAX = 2_000;

    private final StringBuilder lastText = new StringBuilder();
    private boolean systemError;
    private long lastNanos = System.nanoTime();
    private JsonNode commands = JsonNodeFactory.instance.arrayNode();

    synchronized void turnStarted() {
        lastText.setLength(0);
        systemError = false;
        lastNanos = System.nanoTime();
    }

    synchronized void seen(JsonNode update) {
        lastNanos = System.nanoTime();
        switch (update.path("sessionUpdate").asText()) {
            case "agent_message_chunk" -> {
                lastText.append(update.path("content").path("text").asText());
                lastText.delete(0, Math.max(0, lastText.length() - TEXT_MAX));
            }
            case "tool_call", "agent_thought_chunk" -> lastText.setLength(0);
            case "available_commands_update" -> commands = update.path("availableCommands");
            case "session_info_update" -> {
                String status = update.path("_meta")
                        .path("codex")
                        .path("threadStatus")
                        .path("type")
                        .asText();
                if (!status.isEmpty()) {
                    systemError = status.equals("systemError");
                }
            }
            default -> {
                // All others are for the viewers.
            }
        }
    }

    /** Codex ends a turn that failed as if it were done, with the error as its last words. */
    synchronized Optional<String> hiddenError() {
        return systemError
                ? Optional.of(lastText.isEmpty() ? "The agent reported an error." : lastText.toString())
                : Optional.empty();
    }

    synchronized long silentNanos() {
        return System.nanoTime() - lastNanos;
    }

    synchronized JsonNode commands() {
        return commands;
    }
}
