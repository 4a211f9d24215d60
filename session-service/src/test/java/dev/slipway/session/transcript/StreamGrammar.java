package dev.slipway.session.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What every version of the {@code ai} package from 5 to 7 accepts, as strict as the strictest of them: the types and their
 * fields that all know, parts that are open when they get a delta or an end, tools that have an input before an output, and
 * one end after which nothing comes.
 */
public final class StreamGrammar {
    private static final Map<String, Set<String>> REQUIRED = Map.ofEntries(
            Map.entry("start", Set.of()),
            Map.entry("finish", Set.of()),
            Map.entry("abort", Set.of()),
            Map.entry("error", Set.of("errorText")),
            Map.entry("message-metadata", Set.of("messageMetadata")),
            Map.entry("start-step", Set.of()),
            Map.entry("finish-step", Set.of()),
            Map.entry("text-start", Set.of("id")),
            Map.entry("text-delta", Set.of("id", "delta")),
            Map.entry("text-end", Set.of("id")),
            Map.entry("reasoning-start", Set.of("id")),
            Map.entry("reasoning-delta", Set.of("id", "delta")),
            Map.entry("reasoning-end", Set.of("id")),
            Map.entry("tool-input-start", Set.of("toolCallId", "toolName")),
            Map.entry("tool-input-available", Set.of("toolCallId", "toolName", "input")),
            Map.entry("tool-output-available", Set.of("toolCallId", "output")),
            Map.entry("tool-output-error", Set.of("toolCallId", "errorText")),
            Map.entry("file", Set.of("url", "mediaType")),
            Map.entry("source-url", Set.of("sourceId", "url")));
    private static final Set<String> FINISH_REASONS =
            Set.of("stop", "length", "content-filter", "tool-calls", "error", "other");

    private final Set<String> open = new HashSet<>();
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> tools = new HashMap<>();
    private boolean inStep;
    private boolean over;
    private int chunks;

    /** Takes the next chunk after {@code start}, or fails. */
    public void accept(Map<String, Object> chunk) {
        String type = String.valueOf(chunk.get("type"));
        assertThat(over).as("a chunk after the end: %s", chunk).isFalse();
        chunks++;
        if (type.startsWith("data-")) {
            assertThat(chunk).as("data part").containsKey("data");
            return;
        }
        assertThat(REQUIRED).as("known type of %s", chunk).containsKey(type);
        assertThat(chunk.keySet()).as("fields of %s", type).containsAll(REQUIRED.get(type));
        String id = String.valueOf(chunk.get("id"));
        String tool = String.valueOf(chunk.get("toolCallId"));
        switch (type) {
            case "start-step" -> {
                assertThat(inStep).as("a step in a step").isFalse();
                inStep = true;
            }
            case "finish-step" -> {
                assertThat(inStep).as("the end of no step").isTrue();
                assertThat(open).as("open at the end of the step").isEmpty();
                inStep = false;
            }
            case "text-start", "reasoning-start" -> {
                assertThat(used.add(id)).as("fresh id %s", id).isTrue();
                open.add(kind(type) + id);
            }
            case "text-delta", "reasoning-delta" -> assertThat(open).as("delta").contains(kind(type) + id);
            case "text-end", "reasoning-end" ->
                assertThat(open.remove(kind(type) + id)).as("end of %s", id).isTrue();
            case "tool-input-start" -> {
                assertThat(tools).as("tool begun twice").doesNotContainKey(tool);
                tools.put(tool, "started");
            }
            case "tool-input-available" -> {
                assertThat(tools.get(tool)).as("input of %s", tool).isIn("started", "input");
                tools.put(tool, "input");
            }
            case "tool-output-available" -> {
                assertThat(tools.get(tool)).as("output of %s", tool).isIn("input", "preliminary");
                tools.put(tool, chunk.get("preliminary") == null ? "done" : "preliminary");
            }
            case "tool-output-error" -> {
                assertThat(tools.get(tool)).as("error of %s", tool).isIn("input", "preliminary");
                tools.put(tool, "done");
            }
            case "finish" -> {
                assertThat(FINISH_REASONS).contains(String.valueOf(chunk.get("finishReason")));
                end();
            }
            case "abort", "error" -> end();
            default -> {
                // Metadata, files and sources may come at any time.
            }
        }
    }

    /** Whether the stream came to its end. */
    public boolean isOver() {
        return over;
    }

    /** How many chunks there were. */
    public int chunks() {
        return chunks;
    }

    private void end() {
        assertThat(open).as("open at the end").isEmpty();
        assertThat(tools.values()).as("tools at the end").allMatch(state -> state.equals("done"));
        over = true;
    }

    private static String kind(String type) {
        return type.substring(0, type.indexOf('-')) + ":";
    }
}
