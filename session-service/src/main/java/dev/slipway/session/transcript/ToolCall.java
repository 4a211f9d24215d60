package dev.slipway.session.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one tool call, gathered from what the agents send bit by bit, each in its own way: the input may come
 * late, grow or be missing; the name may stand in three places; a shell's output may come beside the protocol.
 */
final class ToolCall {
    /** What a running shell shows of its output, so that an output of any length costs its length once or twice. */
    private static final int RUNNING_OUTPUT_MAX = 16 * 1024;

    private final String id;
    private final String name;
    private @Nullable String title;
    private @Nullable String sentTitle;
    private @Nullable String kind;
    private String status = "pending";
    private @Nullable Object locations;
    private @Nullable Object rawInput;
    private @Nullable Object sentInput;
    private @Nullable Object rawOutput;
    private List<Map<String, Object>> content = List.of();
    private @Nullable Object shownContent;
    private final StringBuilder terminal = new StringBuilder();
    private int shownTerminal;
    private boolean answered;
    private boolean over;

    ToolCall(String id, Map<String, Object> first) {
        this.id = id;
        this.name = nameOf(id, first);
    }

    /** Takes in what an update says; tells what follows from it for viewers. */
    List<Map<String, Object>> update(Map<String, Object> update) {
        if (over) {
            return List.of();
        }
        merge(update);
        List<Map<String, Object>> chunks = new ArrayList<>();
        if (status.equals("completed")) {
            input(chunks, true);
            chunks.add(output(false));
            over = true;
        } else if (status.equals("failed")) {
            input(chunks, true);
            chunks.add(error(failure()));
            over = true;
        } else {
            input(chunks, false);
            preliminary(chunks);
        }
        return chunks;
    }

    /** The call's beginning. */
    Map<String, Object> start() {
        sentTitle = title;
        return Chunk.of(
                "tool-input-start",
                "toolCallId",
                id,
                "toolName",
                name,
                "providerExecuted",
                true,
                "dynamic",
                true,
                "title",
                title);
    }

    /** The turn is over and the agent never said how this ended. */
    List<Map<String, Object>> abandon(@Nullable String why) {
        if (over) {
            return List.of();
        }
        over = true;
        List<Map<String, Object>> chunks = new ArrayList<>();
        input(chunks, true);
        chunks.add(
                why == null && hasOutput()
                        ? output(false)
                        : error(why == null ? "The agent did not say how this ended." : why));
        return chunks;
    }

    /** The call must have an input before somebody is asked about it. */
    List<Map<String, Object>> settleInput() {
        List<Map<String, Object>> chunks = new ArrayList<>();
        if (!over) {
            input(chunks, true);
        }
        return chunks;
    }

    Map<String, Object> summary() {
        return Chunk.object(
                "title", title == null ? name : title, "kind", kind, "locations", locations, "diffs", diffs());
    }

    String title() {
        return title == null ? name : title;
    }

    private void merge(Map<String, Object> update) {
        title = Objects.requireNonNullElse(Tree.text(update, "title"), title == null ? name : title);
        kind = Tree.text(update, "kind") == null ? kind : Tree.text(update, "kind");
        status = Objects.requireNonNullElse(Tree.text(update, "status"), status);
        locations = Tree.isFilled(update.get("locations")) ? update.get("locations") : locations;
        rawInput = Tree.isFilled(update.get("rawInput")) ? update.get("rawInput") : rawInput;
        rawOutput = update.get("rawOutput") == null ? rawOutput : update.get("rawOutput");
        List<Map<String, Object>> shown = Tree.objects(update, "content");
        content = shown.isEmpty() ? content : shown;
        String more = Tree.text(Tree.object(Tree.object(update, "_meta"), "terminal_output_delta"), "data");
        if (more != null) {
            terminal.append(more);
        }
    }

    /**
     * Agents that stream the input send it more than once, and name the call better as they learn more of it; the newest
     * counts, until there is an output. A client takes a better title from an input chunk alone, so it is sent again.
     */
    private void input(List<Map<String, Object>> chunks, boolean needed) {
        boolean first = sentInput == null && (rawInput != null || needed);
        boolean changed = sentInput != null && rawInput != null && !rawInput.equals(sentInput);
        boolean renamed = sentInput != null && !Objects.equals(title, sentTitle);
        if (answered || !(first || changed || renamed)) {
            return;
        }
        sentTitle = title;
        Object input = rawInput == null
                ? Chunk.object("title", title == null ? name : title, "kind", kind, "locations", locations)
                : rawInput;
        sentInput = input;
        chunks.add(Chunk.of(
                "tool-input-available",
                "toolCallId",
                id,
                "toolName",
                name,
                "input",
                input,
                "providerExecuted",
                true,
                "dynamic",
                true,
                "title",
                title));
    }

    private void preliminary(List<Map<String, Object>> chunks) {
        boolean shell = terminal.length() - shownTerminal > shownTerminal / 8;
        boolean news = status.equals("in_progress") && isOutput(content) && !content.equals(shownContent);
        if (!shell && !news) {
            return;
        }
        shownTerminal = terminal.length();
        shownContent = content;
        input(chunks, true);
        answered = true;
        chunks.add(output(true));
    }

    private Map<String, Object> output(boolean preliminary) {
        String text = preliminary && terminal.length() > RUNNING_OUTPUT_MAX
                ? tail(terminal, RUNNING_OUTPUT_MAX)
                : terminal.toString();
        Map<String, Object> output = Chunk.object(
                "title",
                title,
                "kind",
                kind,
                "status",
                status,
                "content",
                isOutput(content) ? content : null,
                "diffs",
                diffs(),
                "output",
                text.isEmpty() ? null : text,
                "rawOutput",
                rawOutput,
                "locations",
                locations);
        return Chunk.of(
                "tool-output-available",
                "toolCallId",
                id,
                "output",
                output,
                "providerExecuted",
                true,
                "dynamic",
                true,
                "preliminary",
                preliminary ? true : null);
    }

    private Map<String, Object> error(String text) {
        return Chunk.of(
                "tool-output-error", "toolCallId", id, "errorText", text, "providerExecuted", true, "dynamic", true);
    }

    private boolean hasOutput() {
        return !terminal.isEmpty() || rawOutput != null || isOutput(content);
    }

    private String failure() {
        String told = String.join(
                "\n",
                content.stream()
                        .map(ToolCall::textOf)
                        .filter(text -> !text.isEmpty())
                        .toList());
        if (!told.isEmpty()) {
            return told;
        }
        if (rawOutput instanceof String text && !text.isEmpty()) {
            return text;
        }
        return terminal.isEmpty() ? title() + " failed." : terminal.toString();
    }

    private @Nullable List<Map<String, Object>> diffs() {
        List<Map<String, Object>> diffs = content.stream()
                .filter(block -> "diff".equals(block.get("type")))
                .toList();
        return diffs.isEmpty() ? null : diffs;
    }

    private static boolean isOutput(List<Map<String, Object>> content) {
        return content.stream().anyMatch(block -> !"terminal".equals(block.get("type")));
    }

    private static String textOf(Map<String, Object> block) {
        return Objects.requireNonNullElse(Tree.text(Tree.object(block, "content"), "text"), "");
    }

    /** The end of a text, not cut within a surrogate pair. */
    private static String tail(StringBuilder text, int length) {
        int from = text.length() - length;
        return text.substring(Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
    }

    /** Claude gives a name, opencode's first title is one, Gemini's ids begin with one; Codex says at least the kind. */
    static String nameOf(String id, Map<String, Object> first) {
        String name = Tree.text(first, "name");
        if (name == null) {
            name = Tree.text(Tree.object(Tree.object(first, "_meta"), "claudeCode"), "toolName");
        }
        if (name == null && id.indexOf("__") > 0) {
            name = id.substring(0, id.indexOf("__"));
        }
        String title = Tree.text(first, "title");
        if (name == null && title != null && title.matches("[A-Za-z0-9_.-]{1,64}")) {
            name = title;
        }
        return Objects.requireNonNullElseGet(name, () -> Objects.requireNonNullElse(Tree.text(first, "kind"), "tool"));
    }
}
