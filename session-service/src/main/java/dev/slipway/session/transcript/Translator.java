package dev.slipway.session.transcript;

import dev.slipway.contracts.agent.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Translates the journal's entries of one turn into chunks of a UI message stream (protocol v1 of the {@code ai} package),
 * after the {@code start} that the turn's acceptance wrote. It keeps what is open, so that no delta or end ever comes for a
 * part that is not, and closes all of it when the turn ends, however that comes about.
 */
public final class Translator {
    private final List<Map<String, Object>> out = new ArrayList<>();
    private final Map<String, ToolCall> tools = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> questions = new LinkedHashMap<>();
    private @Nullable String openPart;
    private @Nullable String openId;
    private @Nullable String openMessage;
    private int parts;
    private boolean inStep;
    private boolean modelFailed;
    private boolean over;
    private TurnSummary summary = TurnSummary.NONE;

    /** The chunks that follow from an entry; none after the turn's end. */
    public List<Map<String, Object>> accept(JournalEntry entry) {
        if (over) {
            return List.of();
        }
        switch (entry.kind()) {
            case "turn.started" -> beginStep();
            case "acp.update" -> update(entry.data());
            case "acp.request" -> question(entry.data());
            case "acp.request.resolved" -> answer(entry.data());
            case "turn.checkpoint" -> checkpoint(entry.data());
            case "turn.ended" -> end(entry.data());
            default -> {
                // The agent's start and exit belong to the session; newer kinds are for newer readers.
            }
        }
        return taken();
    }

    /** Ends the turn because somebody wanted that. */
    public List<Map<String, Object>> abort() {
        if (!over) {
            aborted();
        }
        return taken();
    }

    /** Ends the turn because something broke; {@code why} is a sentence for the user. */
    public List<Map<String, Object>> fail(String why) {
        if (!over) {
            failed(why);
        }
        return taken();
    }

    /** What is to be kept of the turn beside its message; complete when it has ended. */
    public TurnSummary summary() {
        return summary;
    }

    private void beginStep() {
        if (!inStep) {
            inStep = true;
            out.add(Chunk.of("start-step"));
        }
    }

    private void update(Map<String, Object> update) {
        String kind = Objects.requireNonNullElse(Tree.text(update, "sessionUpdate"), "");
        switch (kind) {
            case "agent_message_chunk" -> said("text", update);
            case "agent_thought_chunk" -> said("reasoning", update);
            case "user_message_chunk" -> {
                // An echo of the prompt, which viewers have.
            }
            case "tool_call", "tool_call_update" -> tool(update);
            case "plan" -> plan(update);
            case "usage_update" -> usage(update);
            case "current_mode_update" -> out.add(Chunk.passing("data-mode", rest(update)));
            case "available_commands_update" -> out.add(Chunk.passing("data-commands", rest(update)));
            case "config_option_update" -> out.add(Chunk.passing("data-config", rest(update)));
            case "session_info_update" -> info(update);
            default -> out.add(Chunk.passing("data-acp", update));
        }
    }

    private void said(String part, Map<String, Object> update) {
        Map<String, Object> content = Tree.object(update, "content");
        String type = Objects.requireNonNullElse(Tree.text(content, "type"), "");
        if (!type.equals("text")) {
            closePart();
            other(type, content);
            return;
        }
        String delta = Tree.text(content, "text");
        if (delta == null) {
            return;
        }
        String message = Tree.text(update, "messageId");
        if (!part.equals(openPart) || !Objects.equals(message, openMessage)) {
            closePart();
            openPart = part;
            openMessage = message;
            openId = part + "-" + ++parts;
            out.add(Chunk.of(part + "-start", "id", openId));
        }
        out.add(Chunk.of(part + "-delta", "id", openId, "delta", delta));
    }

    /** Content that is no text: pictures and files that can be shown, links that can be followed, the rest as it is. */
    private void other(String type, Map<String, Object> content) {
        String media = Tree.text(content, "mimeType");
        String data = Tree.text(content, "data");
        String uri = Tree.text(content, "uri");
        if (media != null && data != null) {
            out.add(Chunk.of("file", "url", "data:" + media + ";base64," + data, "mediaType", media));
        } else if (type.equals("resource_link") && uri != null && uri.startsWith("http")) {
            out.add(Chunk.of(
                    "source-url", "sourceId", "source-" + ++parts, "url", uri, "title", Tree.text(content, "name")));
        } else {
            out.add(Chunk.passing("data-acp", content));
        }
    }

    private ToolCall tool(Map<String, Object> update) {
        closePart();
        String id = Objects.requireNonNullElse(Tree.text(update, "toolCallId"), "tool");
        ToolCall known = tools.get(id);
        if (known != null) {
            out.addAll(known.update(update));
            return known;
        }
        ToolCall call = new ToolCall(id, update);
        tools.put(id, call);
        List<Map<String, Object>> following = call.update(update);
        out.add(call.start());
        out.addAll(following);
        return call;
    }

    private void plan(Map<String, Object> update) {
        closePart();
        out.add(Chunk.of("data-plan", "id", "plan", "data", rest(update)));
    }

    private void usage(Map<String, Object> update) {
        if (Tree.object(update, "cost").get("amount") instanceof Number amount) {
            summary = summary.withCost(amount.doubleValue());
        }
        out.add(Chunk.passing("data-usage", rest(update)));
    }

    /** Codex tells errors of the model as the agent's own text and in this status alone. */
    private void info(Map<String, Object> update) {
        Map<String, Object> status = Tree.object(Tree.object(Tree.object(update, "_meta"), "codex"), "threadStatus");
        modelFailed |= "systemError".equals(status.get("type"));
        out.add(Chunk.passing("data-session-info", rest(update)));
    }

    private void question(Map<String, Object> data) {
        String id = String.valueOf(data.get("requestId"));
        Map<String, Object> params = Tree.object(data, "params");
        if (AgentQuestion.METHOD.equals(data.get("method"))) {
            form(id, params);
            return;
        }
        Map<String, Object> asked = Tree.object(params, "toolCall");
        Map<String, Object> shown = Chunk.object("requestId", id, "state", "pending");
        if (Tree.text(asked, "toolCallId") != null) {
            ToolCall call = tool(asked);
            out.addAll(call.settleInput());
            shown.put("toolCallId", asked.get("toolCallId"));
            shown.putAll(call.summary());
        } else {
            closePart();
            shown.put(
                    "title", Objects.requireNonNullElse(Tree.text(params, "title"), "The agent asks for permission."));
        }
        shown.put("options", Tree.objects(params, "options"));
        questions.put(id, shown);
        out.add(Chunk.of("data-permission", "id", id, "data", shown));
    }

    private void form(String id, Map<String, Object> params) {
        closePart();
        AgentQuestion question = AgentQuestion.of(params);
        Map<String, Object> shown = Chunk.object(
                "requestId",
                id,
                "state",
                "pending",
                "toolCallId",
                params.get("toolCallId"),
                "title",
                question.message(),
                "questions",
                question.shown(),
                "options",
                question.options());
        questions.put(id, shown);
        out.add(Chunk.of("data-question", "id", id, "data", shown));
    }

    private void answer(Map<String, Object> data) {
        Map<String, Object> asked = questions.remove(String.valueOf(data.get("requestId")));
        if (asked != null) {
            settle(
                    asked,
                    "resolved",
                    Chunk.object(
                            "optionId",
                            Tree.text(data, "optionId"),
                            "answers",
                            data.get("answers"),
                            "cancelled",
                            Boolean.TRUE.equals(data.get("cancelled")) ? true : null));
        }
    }

    private void settle(Map<String, Object> asked, String state, Map<String, Object> answer) {
        Map<String, Object> shown = new LinkedHashMap<>(asked);
        shown.put("state", state);
        shown.putAll(answer);
        String type = asked.containsKey("questions") ? "data-question" : "data-permission";
        out.add(Chunk.of(type, "id", String.valueOf(asked.get("requestId")), "data", shown));
    }

    private void checkpoint(Map<String, Object> data) {
        closePart();
        if (data.get("commit") instanceof String commit) {
            summary = summary.withCommit(commit);
        }
        out.add(Chunk.of("data-checkpoint", "id", "checkpoint", "data", data));
    }

    private void end(Map<String, Object> data) {
        summary = summary.withUsage(Tree.object(data, "usage"));
        Map<String, Object> error = Tree.object(data, "error");
        if (data.containsKey("error")) {
            failed(Objects.requireNonNullElse(Tree.text(error, "message"), "The agent failed and did not say why."));
            return;
        }
        String reason = Objects.requireNonNullElse(Tree.text(data, "stopReason"), "end_turn");
        if (reason.equals("cancelled")) {
            aborted();
            return;
        }
        close(null);
        out.add(Chunk.of(
                "finish",
                "finishReason",
                modelFailed ? "error" : finishReason(reason),
                "messageMetadata",
                summary.metadata()));
        finish(modelFailed ? TurnSummary.Outcome.FAILED : TurnSummary.Outcome.FINISHED);
    }

    private void failed(String why) {
        close(why);
        metadata();
        out.add(Chunk.of("data-error", "id", "error", "data", Chunk.object("message", why)));
        out.add(Chunk.of("error", "errorText", why));
        finish(TurnSummary.Outcome.FAILED);
    }

    private void aborted() {
        close("Cancelled.");
        metadata();
        out.add(Chunk.of("abort"));
        finish(TurnSummary.Outcome.ABORTED);
    }

    private static String finishReason(String stopReason) {
        return switch (stopReason) {
            case "end_turn" -> "stop";
            case "max_tokens" -> "length";
            case "refusal" -> "content-filter";
            default -> "other";
        };
    }

    private void metadata() {
        if (!summary.metadata().isEmpty()) {
            out.add(Chunk.of("message-metadata", "messageMetadata", summary.metadata()));
        }
    }

    /** Closes all that is open. {@code why} is what tools without an end get as their error; null if the turn went well. */
    private void close(@Nullable String why) {
        closePart();
        tools.values().forEach(call -> out.addAll(call.abandon(why)));
        questions.values().forEach(asked -> settle(asked, "expired", Map.of()));
        questions.clear();
        if (inStep) {
            inStep = false;
            out.add(Chunk.of("finish-step"));
        }
    }

    private void closePart() {
        if (openPart != null) {
            out.add(Chunk.of(openPart + "-end", "id", openId));
            openPart = null;
            openId = null;
            openMessage = null;
        }
    }

    private void finish(TurnSummary.Outcome outcome) {
        over = true;
        summary = summary.withOutcome(outcome);
    }

    private List<Map<String, Object>> taken() {
        List<Map<String, Object>> chunks = List.copyOf(out);
        out.clear();
        return chunks;
    }

    private static Map<String, Object> rest(Map<String, Object> update) {
        Map<String, Object> rest = new LinkedHashMap<>(update);
        rest.remove("sessionUpdate");
        return rest;
    }
}
