package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What an agent's own journal, in its sandbox, says of each turn. */
final class ChaosJournal {
    /** What the agent said in a turn, and how often that began and ended. */
    record Turn(String text, int started, int ended) {
        static final Turn NONE = new Turn("", 0, 0);
    }

    private ChaosJournal() {}

    /** The turns in the journal of a session's sandbox, by their ids. */
    static Map<String, Turn> of(String session) throws IOException {
        String container = Commands.docker("ps", "-q", "--filter", "label=dev.slipway.session=" + session)
                .orFail()
                .strip();
        String lines = Commands.docker("exec", container, "sh", "-c", "cat /data/journal/*.ndjson")
                .orFail();
        Map<String, Turn> turns = new HashMap<>();
        for (String line : lines.split("\n", -1)) {
            JsonNode entry = line.isEmpty() ? Api.JSON.missingNode() : Api.JSON.readTree(line);
            if (entry.path("turn").isTextual()) {
                turns.merge(entry.path("turn").asText(), turn(entry), ChaosJournal::together);
            }
        }
        return turns;
    }

    private static Turn turn(JsonNode entry) {
        JsonNode data = entry.path("data");
        return switch (entry.path("kind").asText()) {
            case "turn.started" -> new Turn("", 1, 0);
            case "turn.ended" -> new Turn("", 0, 1);
            case "acp.update" ->
                data.path("sessionUpdate").asText().equals("agent_message_chunk")
                        ? new Turn(data.path("content").path("text").asText(), 0, 0)
                        : Turn.NONE;
            default -> Turn.NONE;
        };
    }

    private static Turn together(Turn before, Turn after) {
        return new Turn(
                before.text() + after.text(), before.started() + after.started(), before.ended() + after.ended());
    }
}
