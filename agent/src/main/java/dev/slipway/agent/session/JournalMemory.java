package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.journal.EntryHead;
import dev.slipway.agent.journal.Journal;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an earlier life of this process has left in the journal: the turns there were, and what it could not finish. */
final class JournalMemory implements Journal.Recovery {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> turns = new HashSet<>();
    private final Set<String> openRequests = new LinkedHashSet<>();
    private final Set<String> answeredRequests = new HashSet<>();
    private @Nullable String openTurn;

    @Override
    public void found(EntryHead head, byte[] line, int length) throws IOException {
        switch (head.kind()) {
            case "turn.started" -> {
                openTurn = head.turn();
                if (openTurn != null) {
                    turns.add(openTurn);
                }
            }
            case "turn.ended" -> openTurn = null;
            case "acp.request" -> openRequests.add(requestId(line, length));
            case "acp.request.resolved" -> {
                openRequests.remove(requestId(line, length));
                answeredRequests.add(requestId(line, length));
            }
            default -> {
                // Only turns and requests can be left open.
            }
        }
    }

    private static String requestId(byte[] line, int length) throws IOException {
        return JSON.readTree(line, 0, length).path("data").path("requestId").asText();
    }

    /** Ends in the journal what cannot go on: nobody waits for those answers any more. */
    void settle(Journal journal) {
        for (String request : openRequests) {
            ObjectNode resolved = JsonNodeFactory.instance
                    .objectNode()
                    .put("requestId", request)
                    .putNull("optionId")
                    .put("cancelled", true)
                    .put("by", "system");
            journal.append(openTurn, "acp.request.resolved", resolved);
            answeredRequests.add(request);
        }
        if (openTurn != null) {
            journal.appendDurably(
                    openTurn, "turn.ended", Outcomes.error("interrupted", "The sandbox stopped during the turn."));
            openTurn = null;
        }
    }

    Set<String> turns() {
        return turns;
    }

    Set<String> answeredRequests() {
        return answeredRequests;
    }
}
