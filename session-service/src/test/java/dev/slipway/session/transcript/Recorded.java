package dev.slipway.session.transcript;

import dev.slipway.contracts.agent.JournalEntry;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What real agents sent, as the journals of the turns in it. */
final class Recorded {
    static final List<String> FILES = List.of(
            "claude.jsonl",
            "claude-tools.jsonl",
            "codex.jsonl",
            "codex-read-only.jsonl",
            "gemini.jsonl",
            "gemini-load.jsonl",
            "opencode.jsonl",
            "opencode-permission.jsonl");

    private static final ObjectMapper JSON = ObjectMapper.getDefault();
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);

    private Recorded() {}

    /** The turns of a file, each as its journal; a turn is what comes between a prompt and its result. */
    static List<List<JournalEntry>> turns(String file) {
        List<List<JournalEntry>> turns = new ArrayList<>();
        Map<String, Integer> prompts = new LinkedHashMap<>();
        Map<String, String> requests = new LinkedHashMap<>();
        int current = -1;
        for (String line : lines(file)) {
            Map<String, Object> record = object(line);
            if (!(record.get("msg") instanceof Map<?, ?>)) {
                continue;
            }
            Map<String, Object> message = Tree.object(record, "msg");
            boolean fromAgent = "<".equals(record.get("dir"));
            String id = String.valueOf(message.get("id"));
            String method = String.valueOf(message.get("method"));
            if (!fromAgent && method.equals("session/prompt")) {
                current = turns.size();
                turns.add(new ArrayList<>());
                prompts.put(id, current);
                add(turns.get(current), "turn.started", Map.of("prompt", List.of()));
            } else if (current >= 0 && fromAgent && method.equals("session/update")) {
                add(turns.get(current), "acp.update", Tree.object(Tree.object(message, "params"), "update"));
            } else if (current >= 0 && fromAgent && method.equals("session/request_permission")) {
                requests.put(id, id);
                add(turns.get(current), "acp.request", Map.of("requestId", "r" + id, "params", message.get("params")));
            } else if (current >= 0 && !fromAgent && requests.remove(id) != null) {
                Map<String, Object> outcome = Tree.object(Tree.object(message, "result"), "outcome");
                Map<String, Object> resolved = new LinkedHashMap<>();
                resolved.put("requestId", "r" + id);
                resolved.put("optionId", outcome.get("optionId"));
                resolved.put("cancelled", "cancelled".equals(outcome.get("outcome")));
                resolved.put("by", "user");
                add(turns.get(current), "acp.request.resolved", resolved);
            } else if (fromAgent && prompts.containsKey(id) && !message.containsKey("method")) {
                List<JournalEntry> turn = turns.get(prompts.remove(id));
                add(turn, "turn.checkpoint", Map.of("commit", "c0ffee", "branch", "slipway/s"));
                add(
                        turn,
                        "turn.ended",
                        message.containsKey("error")
                                ? Map.of("error", message.get("error"))
                                : Tree.object(message, "result"));
                current = -1;
            }
        }
        return turns.stream()
                .filter(turn -> turn.getLast().kind().equals("turn.ended"))
                .toList();
    }

    static Map<String, Object> object(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(List<JournalEntry> turn, String kind, Map<String, Object> data) {
        turn.add(new JournalEntry(turn.size() + 1L, Instant.EPOCH, "t", kind, data));
    }

    private static List<String> lines(String file) {
        try (InputStream stream = Recorded.class.getResourceAsStream("/acp-transcripts/" + file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
