package dev.slipway.agent.services;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script of the repository with what it says of itself: lines {@code key: value} between two lines of three dashes, each
 * behind the language's comment sign if need be.
 *
 * @param id its file's name without the ending, in lower case
 */
record Script(String id, Path file, Map<String, String> settings, boolean hasProgram) {
    private static final List<String> FOLDERS = List.of(".slipway", ".octobot");
    private static final Pattern FENCE = Pattern.compile("^(#|//|--|;)?\\s*---\\s*$");
    private static final Pattern SETTING = Pattern.compile("^(?:#|//|--|;)?\\s*([A-Za-z_]{1,40})\\s*:\\s*(.*?)\\s*$");
    private static final int HEAD_BYTES_MAX = 16 * 1024;
    private static final int SCRIPTS_MAX = 50;

    /** The scripts of that kind ({@code hooks}, {@code services}), in the order that they ask for, then by name. */
    static List<Script> find(Path workspace, String kind) throws IOException {
        Map<String, Script> found = new LinkedHashMap<>();
        for (String folder : FOLDERS) {
            Path place = workspace.resolve(folder).resolve(kind);
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
                for (Path file : files) {
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && found.size() < SCRIPTS_MAX) {
                        Script script = read(file);
                        found.putIfAbsent(script.id, script);
                    }
                }
            }
        }
        List<Script> scripts = new ArrayList<>(found.values());
        scripts.sort(Comparator.comparingInt(Script::order).thenComparing(Script::id));
        return scripts;
    }

    static Optional<Script> find(Path workspace, String kind, String id) throws IOException {
        return find(workspace, kind).stream()
                .filter(script -> script.id.equals(id))
                .findFirst();
    }

    private static Script read(Path file) throws IOException {
        String name = file.getFileName().toString();
        int ending = name.lastIndexOf('.');
        String id = (ending > 0 ? name.substring(0, ending) : name)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9-]+", "-");
        String head;
        try (var in = Files.newInputStream(file)) {
            head = new String(in.readNBytes(HEAD_BYTES_MAX), StandardCharsets.UTF_8);
        }
        Map<String, String> settings = new HashMap<>();
        boolean inside = false;
        boolean over = false;
        boolean program = false;
        for (String line : head.lines().toList()) {
            if (!over && FENCE.matcher(line).matches()) {
                over = inside;
                inside = !inside;
            } else if (inside) {
                Matcher setting = SETTING.matcher(line);
                if (setting.matches()) {
                    settings.put(setting.group(1).toLowerCase(Locale.ROOT), unquoted(setting.group(2)));
                }
            } else {
                program |= !line.isBlank() && !line.startsWith("#!");
            }
        }
        return new Script(id, file, Map.copyOf(settings), program);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    String name() {
        return settings.getOrDefault("name", id);
    }

    Optional<String> setting(String key) {
        return Optional.ofNullable(settings.get(key)).filter(value -> !value.isEmpty());
    }

    Optional<Integer> port(String key) {
        return setting(key).filter(value -> value.matches("[0-9]{1,5}")).map(Integer::valueOf);
    }

    /** By its own first line if it may be executed, else by the shell. */
    List<String> command() {
        return Files.isExecutable(file) ? List.of(file.toString()) : List.of("/bin/sh", file.toString());
    }

    private int order() {
        return setting("order")
                .filter(value -> value.matches("-?[0-9]{1,6}"))
                .map(Integer::valueOf)
                .orElse(0);
    }
}
