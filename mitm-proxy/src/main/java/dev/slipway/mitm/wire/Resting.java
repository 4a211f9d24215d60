package dev.slipway.mitm.wire;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections to servers that nobody uses, of one event loop and whichever version of HTTP they speak. A client may ask thousands of
 * servers, one after the other; so there is a limit to all of them together, and beyond it the session that has most of them gives up
 * the one that has rested longest. Others keep theirs.
 */
final class Resting {
    /** Of each event loop. */
    static final int CONNECTIONS_MAX = 300;

    /** How each is given up, by session and in the order in which they came to rest. */
    private final Map<String, Map<Object, Runnable>> bySession = new HashMap<>();

    private int count;

    /** It rests from now on; {@code giveUp} runs, on the event loop, if it may not. */
    void add(String sessionId, Object connection, Runnable giveUp) {
        if (bySession.computeIfAbsent(sessionId, _ -> new LinkedHashMap<>()).put(connection, giveUp) == null) {
            count++;
        }
        while (count > CONNECTIONS_MAX) {
            giveUpOne();
        }
    }

    /** It is used again, or gone. */
    void remove(String sessionId, Object connection) {
        Map<Object, Runnable> its = bySession.get(sessionId);
        if (its != null && its.remove(connection) != null) {
            count--;
            if (its.isEmpty()) {
                bySession.remove(sessionId);
            }
        }
    }

    int count() {
        return count;
    }

    private void giveUpOne() {
        String most = "";
        Map<Object, Runnable> its = Map.of();
        for (Map.Entry<String, Map<Object, Runnable>> session : bySession.entrySet()) {
            if (session.getValue().size() > its.size()) {
                most = session.getKey();
                its = session.getValue();
            }
        }
        Map.Entry<Object, Runnable> longest = its.entrySet().iterator().next();
        Runnable giveUp = longest.getValue();
        remove(most, longest.getKey());
        giveUp.run();
    }
}
