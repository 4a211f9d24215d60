package dev.slipway.session.transcript;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes chunks of a UI message stream: JSON objects with a {@code type}, their fields in the order given. */
public final class Chunk {
    private Chunk() {}

    /** A chunk with pairs of names and values; a pair whose value is null is left out. */
    public static Map<String, Object> of(String type, @Nullable Object... pairs) {
        Map<String, Object> chunk = new LinkedHashMap<>();
        chunk.put("type", type);
        putAll(chunk, pairs);
        return chunk;
    }

    /** An object with pairs of names and values; a pair whose value is null is left out. */
    public static Map<String, Object> object(@Nullable Object... pairs) {
        Map<String, Object> object = new LinkedHashMap<>();
        putAll(object, pairs);
        return object;
    }

    /** Something for the moment: shown and not kept in the message. */
    static Map<String, Object> passing(String type, Object data) {
        return of(type, "data", data, "transient", true);
    }

    private static void putAll(Map<String, Object> object, @Nullable Object[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                object.put(String.valueOf(pairs[i]), pairs[i + 1]);
            }
        }
    }
}
