package dev.slipway.session.message;

import dev.slipway.session.transcript.Tree;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session's conversation as text, for an agent that has lost it or never had it. */
@Singleton
public class Conversation {
    /** The newest that is said is kept, up to so many characters; models read this as a part of the prompt. */
    private static final int LENGTH_MAX = 100_000;

    private static final int ONE_MESSAGE_MAX = 20_000;
    private static final int AT_ONCE = 100;

    private final MessageRepository messages;

    Conversation(MessageRepository messages) {
        this.messages = messages;
    }

    /** What was said in a session, oldest first, without the messages of those ids; empty if nothing was. */
    public String told(String sessionId, Set<String> without) {
        Deque<String> told = new ArrayDeque<>();
        int length = 0;
        @Nullable Long before = null;
        List<MessageRepository.Stored> page;
        do {
            page = messages.newest(sessionId, before, AT_ONCE);
            for (MessageRepository.Stored message : page) {
                before = message.position();
                String text = without.contains(message.id()) ? "" : text(message);
                length += text.length();
                if (length > LENGTH_MAX) {
                    return framed(told);
                }
                if (!text.isEmpty()) {
                    told.addFirst(text);
                }
            }
        } while (page.size() == AT_ONCE);
        return framed(told);
    }

    private static String framed(Deque<String> told) {
        return told.isEmpty()
                ? ""
                : "The conversation so far, which took place before you were started. The files are as it left them."
                        + " Go on from here.\n\n<conversation>\n" + String.join("\n\n", told) + "\n</conversation>";
    }

    private static String text(MessageRepository.Stored message) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> part : message.parts()) {
            String line = line(part);
            if (!line.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n").append(line);
            }
        }
        if (text.isEmpty()) {
            return "";
        }
        text.setLength(Math.min(text.length(), ONE_MESSAGE_MAX));
        return (message.role().equals("user") ? "User: " : "You: ") + text;
    }

    private static String line(Map<String, Object> part) {
        return switch (String.valueOf(part.get("type"))) {
            case "text" -> Objects.requireNonNullElse(Tree.text(part, "text"), "");
            case "file" -> "[file " + Objects.requireNonNullElse(Tree.text(part, "filename"), "attached") + "]";
            case "dynamic-tool" ->
                "[" + Objects.requireNonNullElse(Tree.text(part, "title"), String.valueOf(part.get("toolName")))
                        + ("output-error".equals(part.get("state")) ? ": failed]" : "]");
            default -> "";
        };
    }
}
