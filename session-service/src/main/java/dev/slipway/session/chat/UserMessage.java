package dev.slipway.session.chat;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.transcript.Chunk;
import dev.slipway.session.transcript.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a user said: the parts of a UIMessage, and the same as content blocks of ACP. */
record UserMessage(String id, List<Map<String, Object>> parts) {
    private static final int NAME_LENGTH = 50;
    /** What is only pointed to; {@code workspace:} for a path in the session's work tree. */
    private static final List<String> LINKS = List.of("https://", "http://", "workspace:");

    UserMessage {
        parts = List.copyOf(parts);
    }

    /** The parts of a message, or of its plain content as older clients send it. */
    static List<Map<String, Object>> parts(Map<String, Object> message) {
        List<Map<String, Object>> parts = Tree.objects(message, "parts").stream()
                .filter(part -> "text".equals(part.get("type")) || "file".equals(part.get("type")))
                .toList();
        String content = Tree.text(message, "content");
        if (parts.isEmpty() && content != null) {
            parts = List.of(Chunk.of("text", "text", content));
        }
        boolean said =
                parts.stream().anyMatch(part -> "file".equals(part.get("type")) || Tree.text(part, "text") != null);
        if (!said) {
            throw ProblemException.invalid("message.parts", "empty (expected: at least one text or file)");
        }
        return parts;
    }

    /** Content blocks for the agent. */
    List<Map<String, Object>> prompt() {
        List<Map<String, Object>> blocks = new ArrayList<>();
        for (Map<String, Object> part : parts) {
            if ("file".equals(part.get("type"))) {
                blocks.add(file(part));
            } else if (Tree.text(part, "text") != null) {
                blocks.add(Chunk.of("text", "text", part.get("text")));
            }
        }
        return blocks;
    }

    /** A name for a session that begins with this: its first words, at most 50 characters; null if it has none. */
    @Nullable
    String asName() {
        String text = String.join(
                        " ",
                        parts.stream()
                                .map(part -> Objects.requireNonNullElse(Tree.text(part, "text"), ""))
                                .toList())
                .strip()
                .replaceAll("\\s+", " ");
        if (text.isEmpty()) {
            return null;
        }
        int end = Math.min(text.length(), NAME_LENGTH);
        boolean withinPair = end < text.length() && Character.isLowSurrogate(text.charAt(end));
        return text.substring(0, withinPair ? end - 1 : end).strip();
    }

    private static Map<String, Object> file(Map<String, Object> part) {
        String url = Objects.requireNonNullElse(Tree.text(part, "url"), "");
        String name = Objects.requireNonNullElse(Tree.text(part, "filename"), "attachment");
        String media = Objects.requireNonNullElse(Tree.text(part, "mediaType"), "application/octet-stream");
        if (!url.startsWith("data:")) {
            if (LINKS.stream().noneMatch(url::startsWith)) {
                throw ProblemException.invalid(
                        "message.parts.url", "neither data: nor a link (expected: data: or one of " + LINKS + ")");
            }
            return Chunk.of("resource_link", "uri", url, "name", name, "mimeType", media);
        }
        int comma = url.indexOf(',');
        if (comma < 0) {
            throw ProblemException.invalid("message.parts.url", "no data (expected: data:<type>;base64,<data>)");
        }
        return attached(url.substring(0, comma).endsWith(";base64"), url.substring(comma + 1), name, media);
    }

    private static Map<String, Object> attached(boolean base64, String data, String name, String media) {
        if (media.startsWith("image/") && base64) {
            return Chunk.of("image", "mimeType", media, "data", data);
        }
        Object uri = "file:///attachments/" + name;
        if (media.startsWith("text/") || media.equals("application/json")) {
            String text = base64 ? decode(data) : java.net.URLDecoder.decode(data, StandardCharsets.UTF_8);
            return Chunk.of("resource", "resource", Chunk.object("uri", uri, "mimeType", media, "text", text));
        }
        return Chunk.of("resource", "resource", Chunk.object("uri", uri, "mimeType", media, "blob", data));
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ProblemException.invalid("message.parts.url", "not base64 (expected: data:<type>;base64,<data>)");
        }
    }
}
