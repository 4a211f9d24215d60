package dev.slipway.gateway.door;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of a description of the API would break a client that was written by an earlier one. */
final class OpenApiChanges {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final int DEPTH_MAX = 8;

    private final Map<String, Object> before;
    private final Map<String, Object> after;
    private final List<String> breaks = new ArrayList<>();

    private OpenApiChanges(Map<String, Object> before, Map<String, Object> after) {
        this.before = before;
        this.after = after;
    }

    /** The breaks, in words; none between versions of which one promises not to be compatible. */
    static List<String> breaking(Map<String, Object> before, Map<String, Object> after) {
        if (!line(before).equals(line(after))) {
            return List.of();
        }
        OpenApiChanges changes = new OpenApiChanges(before, after);
        map(before.get("paths")).forEach((path, item) -> changes.path(String.valueOf(path), map(item)));
        return changes.breaks;
    }

    /** The part of a version that changes with a break: the major, and below 1.0 the minor. */
    private static String line(Map<String, Object> document) {
        String[] parts =
                String.valueOf(map(document.get("info")).get("version")).split("\\.", -1);
        return parts[0].equals("0") && parts.length > 1 ? "0." + parts[1] : parts[0];
    }

    private void path(String path, Map<?, ?> item) {
        Map<?, ?> now = map(map(after.get("paths")).get(path));
        for (String method : METHODS) {
            if (item.get(method) == null) {
                continue;
            }
            String name = method.toUpperCase(java.util.Locale.ROOT) + " " + path;
            if (now.get(method) == null) {
                breaks.add(name + " is gone");
            } else {
                operation(name, map(item.get(method)), map(now.get(method)));
            }
        }
    }

    private void operation(String name, Map<?, ?> old, Map<?, ?> now) {
        Set<String> needed = required(before, old);
        required(after, now).stream()
                .filter(parameter -> !needed.contains(parameter))
                .forEach(parameter -> breaks.add(name + " needs parameter " + parameter));
        Map<?, ?> oldBody = map(resolve(before, old.get("requestBody")));
        Map<?, ?> newBody = map(resolve(after, now.get("requestBody")));
        if (Boolean.TRUE.equals(newBody.get("required")) && !Boolean.TRUE.equals(oldBody.get("required"))) {
            breaks.add(name + " needs a body");
        }
        map(oldBody.get("content")).forEach((type, media) -> {
            Map<?, ?> other = map(map(newBody.get("content")).get(type));
            if (other.isEmpty()) {
                breaks.add(name + " takes no " + type);
            } else {
                sent(name + " body", map(media).get("schema"), other.get("schema"), 0);
            }
        });
        map(old.get("responses")).forEach((status, value) -> {
            if (String.valueOf(status).startsWith("2")) {
                response(name + " " + status, value, map(now.get("responses")).get(status));
            }
        });
    }

    private void response(String name, @Nullable Object old, @Nullable Object now) {
        if (now == null) {
            breaks.add(name + " is not answered");
            return;
        }
        Map<?, ?> contents = map(map(resolve(after, now)).get("content"));
        map(map(resolve(before, old)).get("content")).forEach((type, media) -> {
            if (contents.get(type) == null) {
                breaks.add(name + " is not " + type);
            } else {
                received(name, map(media).get("schema"), map(contents.get(type)).get("schema"), 0);
            }
        });
    }

    /** What clients send must still be taken. */
    private void sent(String name, @Nullable Object old, @Nullable Object now, int depth) {
        Map<?, ?> from = map(resolve(before, old));
        Map<?, ?> to = map(resolve(after, now));
        if (depth > DEPTH_MAX || from.isEmpty() || to.isEmpty()) {
            return;
        }
        type(name, from, to);
        if (from.get("enum") instanceof List<?> taken && to.get("enum") instanceof List<?> still) {
            taken.stream()
                    .filter(value -> !still.contains(value))
                    .forEach(value -> breaks.add(name + " takes no " + value));
        }
        list(to.get("required")).stream()
                .filter(property -> !list(from.get("required")).contains(property))
                .forEach(property -> breaks.add(name + " needs " + property));
        map(from.get("properties"))
                .forEach((property, schema) -> sent(
                        name + "." + property, schema, map(to.get("properties")).get(property), depth + 1));
        sent(name + "[]", from.get("items"), to.get("items"), depth + 1);
    }

    /** What clients read must still be there. */
    private void received(String name, @Nullable Object old, @Nullable Object now, int depth) {
        Map<?, ?> from = map(resolve(before, old));
        Map<?, ?> to = map(resolve(after, now));
        if (depth > DEPTH_MAX || from.isEmpty() || to.isEmpty()) {
            return;
        }
        type(name, from, to);
        list(from.get("required")).stream()
                .filter(property -> !list(to.get("required")).contains(property))
                .forEach(property -> breaks.add(name + " may lack " + property));
        map(from.get("properties")).forEach((property, schema) -> {
            Object other = map(to.get("properties")).get(property);
            if (other == null && to.get("properties") != null) {
                breaks.add(name + " has no " + property);
            } else {
                received(name + "." + property, schema, other, depth + 1);
            }
        });
        received(name + "[]", from.get("items"), to.get("items"), depth + 1);
    }

    private void type(String name, Map<?, ?> from, Map<?, ?> to) {
        Object was = from.get("type");
        Object is = to.get("type");
        if (was != null && is != null && !types(was).equals(types(is))) {
            breaks.add(name + " was " + was + " and is " + is);
        }
    }

    private static Set<String> types(Object type) {
        Set<String> types = new TreeSet<>();
        if (type instanceof List<?> several) {
            several.forEach(one -> types.add(String.valueOf(one)));
        } else {
            types.add(String.valueOf(type));
        }
        types.remove("null");
        return types;
    }

    private static Set<String> required(Map<String, Object> document, Map<?, ?> operation) {
        Set<String> names = new TreeSet<>();
        for (Object parameter : list(operation.get("parameters"))) {
            Map<?, ?> resolved = map(resolve(document, parameter));
            if (Boolean.TRUE.equals(resolved.get("required"))) {
                names.add(resolved.get("in") + " " + resolved.get("name"));
            }
        }
        return names;
    }

    static @Nullable Object resolve(Map<String, Object> document, @Nullable Object value) {
        Object found = value;
        for (int hops = 0; hops < 10 && map(found).get("$ref") instanceof String reference; hops++) {
            found = document;
            for (String segment : reference.substring(2).split("/", -1)) {
                found = map(found).get(segment);
            }
        }
        return found;
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
