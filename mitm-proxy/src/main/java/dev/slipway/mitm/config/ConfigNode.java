package dev.slipway.mitm.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A place in a YAML (or JSON) text, which knows its path for the sake of error messages. */
record ConfigNode(String path, @Nullable Object value) {
    private static final int TEXT_MAX = 256 * 1024;

    static ConfigNode parse(String text) {
        if (text.length() > TEXT_MAX) {
            throw new MalformedConfig("", text.length() + " characters (expected: at most " + TEXT_MAX + ")");
        }
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            return new ConfigNode("", new Yaml(new SafeConstructor(options)).load(text));
        } catch (YAMLException e) {
            throw new MalformedConfig("", String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    /** The fields of a map, of which no others may be there; an absent node is an empty map. */
    Map<String, ConfigNode> fields(Set<String> known) {
        Map<String, ConfigNode> fields = entries();
        fields.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new MalformedConfig(
                            under(name), "unknown (expected: one of " + String.join(", ", known) + ")");
                });
        return fields;
    }

    /** The entries of a map with keys of the user's own. */
    Map<String, ConfigNode> entries() {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new MalformedConfig(path, kind() + " (expected: a map)");
        }
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        map.forEach((key, item) -> entries.put(String.valueOf(key), new ConfigNode(under(String.valueOf(key)), item)));
        return entries;
    }

    List<ConfigNode> items() {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new MalformedConfig(path, kind() + " (expected: a list)");
        }
        List<ConfigNode> items = new ArrayList<>();
        for (Object item : list) {
            items.add(new ConfigNode(path + "[" + items.size() + "]", item));
        }
        return items;
    }

    String text() {
        if (value instanceof String || value instanceof Number) {
            return String.valueOf(value);
        }
        throw new MalformedConfig(path, kind() + " (expected: a text)");
    }

    boolean flag() {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new MalformedConfig(path, kind() + " (expected: true or false)");
    }

    static Optional<ConfigNode> field(Map<String, ConfigNode> fields, String name) {
        return Optional.ofNullable(fields.get(name)).filter(node -> node.value != null);
    }

    private String under(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String kind() {
        return switch (value) {
            case null -> "nothing";
            case Map<?, ?> _ -> "a map";
            case List<?> _ -> "a list";
            default -> String.valueOf(value);
        };
    }
}
