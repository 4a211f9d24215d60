package dev.slipway.session.transcript;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads trees of JSON whose shape nobody guarantees: what is missing or of another type is null or empty. */
public final class Tree {
    private Tree() {}

    /** A text that is there and not empty. */
    public static @Nullable String text(Map<String, Object> object, String name) {
        return object.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    /** An object, empty if there is none. */
    @SuppressWarnings("unchecked") // objects of JSON have names as keys
    public static Map<String, Object> object(Map<String, Object> object, String name) {
        return object.get(name) instanceof Map<?, ?> value ? (Map<String, Object>) value : Map.of();
    }

    /** The objects of a list. */
    @SuppressWarnings("unchecked") // objects of JSON have names as keys
    public static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
        return object.get(name) instanceof List<?> list
                ? list.stream()
                        .flatMap(each ->
                                each instanceof Map<?, ?> map ? Stream.of((Map<String, Object>) map) : Stream.empty())
                        .toList()
                : List.of();
    }

    /** A whole number, 0 if there is none. */
    public static long number(Map<String, Object> object, String name) {
        return object.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** Whether a value says anything: not null, no empty object, list or text. */
    static boolean isFilled(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Map<?, ?> map -> !map.isEmpty();
            case List<?> list -> !list.isEmpty();
            case String text -> !text.isEmpty();
            default -> true;
        };
    }
}
