package dev.slipway.session.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Folds the chunks of a turn into the parts and metadata of one UI message, as a client of the {@code ai} package would, in
 * the shape that its {@code validateUIMessages} accepts.
 */
public final class MessageFold {
    private final List<Map<String, Object>> parts = new ArrayList<>();
    private final Map<String, Map<String, Object>> byKey = new LinkedHashMap<>();
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, Object> metadata = new LinkedHashMap<>();

    /** Takes the next chunk. */
    public void accept(Map<String, Object> chunk) {
        metadata.putAll(Tree.object(chunk, "messageMetadata"));
        String type = String.valueOf(chunk.get("type"));
        String id = String.valueOf(chunk.get("id"));
        switch (type) {
            case "start-step" -> parts.add(Chunk.of("step-start"));
            case "text-start", "reasoning-start" ->
                add(id, Chunk.of(type.replace("-start", ""), "text", "", "state", "done"));
            case "text-delta", "reasoning-delta" ->
                texts.computeIfAbsent(id, _ -> new StringBuilder()).append(chunk.get("delta"));
            case "tool-input-start" -> add(toolKey(chunk), tool(chunk, "input-streaming"));
            case "tool-input-available" -> tool(chunk, "input-available", "input");
            case "tool-output-available" -> tool(chunk, "output-available", "output");
            case "tool-output-error" -> tool(chunk, "output-error", "errorText");
            case "file", "source-url" -> parts.add(new LinkedHashMap<>(chunk));
            default -> data(type, chunk);
        }
    }

    /** The message's parts so far. */
    public List<Map<String, Object>> parts() {
        texts.forEach((id, text) -> Objects.requireNonNull(byKey.get(id)).put("text", text.toString()));
        return List.copyOf(parts);
    }

    /** The message's metadata so far. */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /** Whether there is anything to see. */
    public boolean isEmpty() {
        return parts.stream().allMatch(part -> "step-start".equals(part.get("type")));
    }

    private void data(String type, Map<String, Object> chunk) {
        if (!type.startsWith("data-") || Boolean.TRUE.equals(chunk.get("transient"))) {
            return;
        }
        Map<String, Object> known = byKey.get(type + ":" + chunk.get("id"));
        if (known == null) {
            add(type + ":" + chunk.get("id"), new LinkedHashMap<>(chunk));
        } else {
            known.putAll(chunk);
        }
    }

    private void tool(Map<String, Object> chunk, String state, String field) {
        Map<String, Object> part = byKey.get(toolKey(chunk));
        if (part == null) {
            part = tool(chunk, state);
            add(toolKey(chunk), part);
        }
        part.put("state", state);
        part.put(field, Objects.requireNonNullElse(chunk.get(field), ""));
        part.remove("preliminary");
        if (chunk.get("preliminary") != null) {
            part.put("preliminary", true);
        }
        if (field.equals("errorText")) {
            part.remove("output");
        }
        String title = Objects.requireNonNullElse(
                Tree.text(chunk, "title"),
                Objects.requireNonNullElse(Tree.text(Tree.object(chunk, "output"), "title"), ""));
        if (!title.isEmpty()) {
            part.put("title", title);
        }
    }

    private static Map<String, Object> tool(Map<String, Object> chunk, String state) {
        return Chunk.of(
                "dynamic-tool",
                "toolName",
                chunk.get("toolName"),
                "toolCallId",
                chunk.get("toolCallId"),
                "title",
                chunk.get("title"),
                "providerExecuted",
                true,
                "state",
                state);
    }

    private void add(String key, Map<String, Object> part) {
        byKey.put(key, part);
        parts.add(part);
    }

    private static String toolKey(Map<String, Object> chunk) {
        return "tool:" + chunk.get("toolCallId");
    }
}
