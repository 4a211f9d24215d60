package dev.slipway.gateway.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** A line of the table: an operation, what its caller must be at least, and the least scope of an API token. */
record Row(String method, String path, Least who, Scope scope) {
    private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

    private static final Set<String> SESSION_IN_QUERY = Set.of("/api/git/diff", "/ws/pty");

    /** What a caller must be at least. */
    enum Least {
        OPEN,
        USER,
        MEMBER,
        ADMIN,
        OWNER,
        INSTALLATION;

        boolean inProject() {
            return this == MEMBER || this == ADMIN || this == OWNER;
        }
    }

    /** What an API token must have at least. */
    enum Scope {
        NONE,
        READ,
        WRITE,
        ADMIN
    }

    static List<Row> all() {
        try (InputStream in = Objects.requireNonNull(Row.class.getResourceAsStream("/authorisation.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Row::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row of(String line) {
        String[] columns = line.strip().split("\\s+");
        return new Row(
                columns[0],
                columns[1],
                Least.valueOf(columns[2].toUpperCase(Locale.ROOT)),
                columns[3].equals("-") ? Scope.NONE : Scope.valueOf(columns[3].toUpperCase(Locale.ROOT)));
    }

    String operation() {
        return method + " " + path;
    }

    boolean namesProject() {
        return path.contains("{project}");
    }

    boolean namesSession() {
        return path.contains("{session}") || SESSION_IN_QUERY.contains(path);
    }

    /** The path with its variables filled in; those of no meaning here with an id that nothing has. */
    String at(String project, String session) {
        String filled = path.replace("{project}", project)
                .replace("{session}", session)
                .replace("{host}", "example.com")
                .replace("{port}", "3000")
                .replace("{provider}", "github");
        return VARIABLE.matcher(filled).replaceAll("nothing-has-this-id")
                + (SESSION_IN_QUERY.contains(path) ? "?sessionId=" + session : "");
    }

    /** The path that the operation has at the service behind it, for any project. */
    Pattern behind() {
        String rest = path.replaceFirst("^/api/(projects/\\{project}/)?", "");
        return Pattern.compile("/internal/projects/[^/]+/"
                + VARIABLE.matcher(rest).replaceAll("[^/]+").replace(".", "\\."));
    }
}
