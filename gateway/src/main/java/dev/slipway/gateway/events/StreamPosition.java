package dev.slipway.gateway.events;

import dev.slipway.kit.problem.ProblemException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How far a viewer is, opaque to it: a place in the log, and in each session that it follows the last chunk of chat.
 *
 * @param chat by session, the id that session-service gave the chunk
 */
record StreamPosition(EventPosition log, Map<String, String> chat) {
    private static final Pattern CHAT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,64}=[A-Za-z0-9:._-]{1,200}");
    private static final int TEXT_MAX = 8 * 1024;

    StreamPosition {
        chat = Map.copyOf(chat);
    }

    static StreamPosition parse(String text) {
        if (text.length() > TEXT_MAX) {
            throw ProblemException.invalid("after", "too long (expected: the id of the last event)");
        }
        String[] parts = text.split("~", -1);
        Map<String, String> chat = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            if (!CHAT.matcher(parts[i]).matches()) {
                throw ProblemException.invalid(
                        "after", "not an id of this stream (expected: the id of the last event)");
            }
            int equals = parts[i].indexOf('=');
            chat.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
        }
        return new StreamPosition(EventPosition.parse(parts[0]), chat);
    }

    static String text(EventPosition log, Map<String, String> chat) {
        if (chat.isEmpty()) {
            return log.toString();
        }
        StringBuilder text = new StringBuilder(log.toString());
        chat.forEach(
                (session, chunk) -> text.append('~').append(session).append('=').append(chunk));
        return text.toString();
    }
}
