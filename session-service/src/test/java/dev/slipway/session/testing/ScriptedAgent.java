package dev.slipway.session.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor of one sandbox, as docs/CONTRACTS.md, section 5 has it, with an agent that does what the prompt says:
 * {@code say <n> <millis>} emits n chunks, {@code ask} asks for permission, {@code question} for words, {@code bytes <n>} runs a
 * tool with so much output, {@code stamp <n> <millis>} emits chunks that say when they were, {@code hang} waits to be cancelled.
 */
public final class ScriptedAgent {
    private final List<Map<String, Object>> journal = new ArrayList<>();
    private final Map<String, CompletableFuture<Map<String, Object>>> requests = new HashMap<>();
    private final List<String> begun = new ArrayList<>();
    private @Nullable String turn;
    private boolean cancelled;
    private boolean knowsConversation;
    private Map<String, Object> lastRequest = Map.of();

    /** Begins a turn; the HTTP status of the answer. */
    public synchronized int begin(Map<String, Object> request) {
        String turnId = String.valueOf(request.get("turnId"));
        if (begun.contains(turnId)) {
            return 200;
        }
        if (turn != null) {
            return 409;
        }
        if (Boolean.TRUE.equals(request.get("continues")) && request.get("history") == null && !knowsConversation) {
            return 428;
        }
        knowsConversation = true;
        lastRequest = request;
        begun.add(turnId);
        turn = turnId;
        cancelled = false;
        write(turnId, "turn.started", Map.of("prompt", List.of()));
        String prompt = text(request);
        Thread.ofVirtual().start(() -> work(turnId, prompt));
        return 202;
    }

    /** Cancels a turn; the HTTP status of the answer. */
    public synchronized int cancel(String turnId) {
        if (!turnId.equals(turn)) {
            return 409;
        }
        cancelled = true;
        notifyAll();
        return 202;
    }

    /** Answers a request; the HTTP status of the answer. */
    public synchronized int answer(String requestId, Map<String, Object> answer) {
        CompletableFuture<Map<String, Object>> request = requests.get(requestId);
        if (request == null) {
            return 404;
        }
        return request.complete(answer) ? 200 : 409;
    }

    /** Waits for entries after {@code after}; empty after a while without any. */
    public synchronized List<Map<String, Object>> after(long after, long waitMillis) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofMillis(waitMillis).toNanos();
        while (journal.size() <= after && System.nanoTime() < until) {
            wait(Math.max(1, Duration.ofNanos(until - System.nanoTime()).toMillis()));
        }
        return List.copyOf(journal.subList((int) Math.min(after, journal.size()), journal.size()));
    }

    /** What {@code GET /session} says. */
    public synchronized Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("phase", "ready");
        status.put("message", "ready");
        status.put("turn", turn);
        status.put("lastSeq", journal.size());
        return status;
    }

    private static String text(Map<String, Object> turn) {
        return turn.get("prompt") instanceof List<?> blocks && blocks.getFirst() instanceof Map<?, ?> block
                ? String.valueOf(block.get("text"))
                : "";
    }

    /** The turn that was begun last, as it was asked for. */
    public synchronized Map<String, Object> lastRequest() {
        return lastRequest;
    }

    /** How many turns this agent was given. */
    public synchronized int turnsBegun() {
        return begun.size();
    }

    /** Writes an entry as it comes. */
    public synchronized void write(@Nullable String turnId, String kind, Map<String, Object> data) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("seq", journal.size() + 1);
        entry.put("time", Instant.now().toString());
        entry.put("turn", turnId);
        entry.put("kind", kind);
        entry.put("data", data);
        journal.add(entry);
        notifyAll();
    }

    private void work(String turnId, String prompt) {
        try {
            String[] words = prompt.split("\\s+", -1);
            Map<String, Object> ending =
                    Map.of("stopReason", "end_turn", "usage", Map.of("inputTokens", 7, "outputTokens", 3));
            switch (words[0]) {
                case "say" -> say(turnId, Integer.parseInt(words[1]), Long.parseLong(words[2]));
                case "ask" -> ask(turnId);
                case "stamp" -> stamp(turnId, Integer.parseInt(words[1]), Long.parseLong(words[2]));
                case "question" -> question(turnId);
                case "bytes" -> bytes(turnId, Integer.parseInt(words[1]));
                case "hang" -> hang();
                case "break" -> ending = Map.of("error", Map.of("code", -32603, "message", "the model is away"));
                default -> say(turnId, 3, 1);
            }
            synchronized (this) {
                if (cancelled) {
                    ending = Map.of("stopReason", "cancelled");
                } else {
                    write(
                            turnId,
                            "turn.checkpoint",
                            Map.of("commit", "c0ffee", "branch", "slipway/x", "filesChanged", 1, "pushed", true));
                }
                write(turnId, "turn.ended", ending);
                turn = null;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String turnId, int chunks, long millis) throws InterruptedException {
        for (int i = 0; i < chunks && !isCancelled(); i++) {
            write(
                    turnId,
                    "acp.update",
                    Map.of(
                            "sessionUpdate",
                            "agent_message_chunk",
                            "content",
                            Map.of("type", "text", "text", "tick " + i + " \u00fc\ud83d\ude80; ")));
            if (millis > 0) {
                Thread.sleep(millis);
            }
        }
    }

    private void ask(String turnId) throws InterruptedException {
        Map<String, Object> call = Map.of(
                "toolCallId",
                "call-1",
                "name",
                "Write",
                "title",
                "Write hello.txt",
                "kind",
                "edit",
                "rawInput",
                Map.of("path", "hello.txt"));
        List<Map<String, Object>> options = List.of(
                Map.of("optionId", "allow", "name", "Yes", "kind", "allow_once"),
                Map.of("optionId", "reject", "name", "No", "kind", "reject_once"));
        Map<String, Object> answer = request(turnId, Map.of("params", Map.of("toolCall", call, "options", options)));
        write(
                turnId,
                "acp.update",
                Map.of(
                        "sessionUpdate",
                        "tool_call_update",
                        "toolCallId",
                        "call-1",
                        "status",
                        "allow".equals(answer.get("optionId")) ? "completed" : "failed",
                        "rawOutput",
                        "done"));
        say(turnId, 2, 0);
    }

    private void question(String turnId) throws InterruptedException {
        Map<String, Object> colours = Map.of(
                "type",
                "string",
                "title",
                "Colour",
                "oneOf",
                List.of(Map.of("const", "red", "title", "Red"), Map.of("const", "blue", "title", "Blue")));
        Map<String, Object> params = Map.of(
                "mode",
                "form",
                "message",
                "Which colour?",
                "requestedSchema",
                Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("question_0", colours),
                        "required",
                        List.of("question_0")));
        Map<String, Object> answer = request(turnId, Map.of("method", "elicitation/create", "params", params));
        write(
                turnId,
                "acp.update",
                Map.of(
                        "sessionUpdate",
                        "agent_message_chunk",
                        "content",
                        Map.of("type", "text", "text", "answer: " + answer)));
    }

    private Map<String, Object> request(String turnId, Map<String, Object> asked) {
        CompletableFuture<Map<String, Object>> answered = new CompletableFuture<>();
        String requestId = "req-" + turnId;
        Map<String, Object> entry = new LinkedHashMap<>(asked);
        entry.put("requestId", requestId);
        synchronized (this) {
            requests.put(requestId, answered);
        }
        write(turnId, "acp.request", entry);
        Map<String, Object> answer = answered.join();
        Map<String, Object> resolved = new LinkedHashMap<>(answer);
        resolved.put("requestId", requestId);
        resolved.put("by", "user");
        write(turnId, "acp.request.resolved", resolved);
        return answer;
    }

    private void stamp(String turnId, int chunks, long millis) throws InterruptedException {
        for (int i = 0; i < chunks; i++) {
            write(
                    turnId,
                    "acp.update",
                    Map.of(
                            "sessionUpdate",
                            "agent_message_chunk",
                            "content",
                            Map.of("type", "text", "text", "@" + System.nanoTime() + "@")));
            Thread.sleep(millis);
        }
    }

    /** All that it said in a turn, as text. */
    public synchronized String said(String turnId) {
        StringBuilder said = new StringBuilder();
        for (Map<String, Object> entry : journal) {
            if (turnId.equals(entry.get("turn"))
                    && entry.get("data") instanceof Map<?, ?> data
                    && data.get("content") instanceof Map<?, ?> content) {
                said.append(content.get("text"));
            }
        }
        return said.toString();
    }

    private void bytes(String turnId, int count) {
        write(
                turnId,
                "acp.update",
                Map.of(
                        "sessionUpdate",
                        "tool_call",
                        "toolCallId",
                        "big",
                        "title",
                        "Print",
                        "kind",
                        "execute",
                        "status",
                        "pending",
                        "rawInput",
                        Map.of("command", "print")));
        write(
                turnId,
                "acp.update",
                Map.of(
                        "sessionUpdate",
                        "tool_call_update",
                        "toolCallId",
                        "big",
                        "title",
                        "Print much",
                        "status",
                        "completed",
                        "rawOutput",
                        "\u00fc\ud83d\ude80".repeat(count / 6)));
    }

    private synchronized void hang() throws InterruptedException {
        while (!cancelled) {
            wait();
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }
}
