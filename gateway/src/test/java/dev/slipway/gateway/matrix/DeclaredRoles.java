package dev.slipway.gateway.matrix;

import dev.slipway.gateway.matrix.Row.Least;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The roles that controllers ask for in every case, read from their sources: a {@code require} that stands in a handler's body by
 * itself, not under a condition.
 */
final class DeclaredRoles {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of(
            "gateway", "workspace-service", "session-service", "container-service", "credential-service", "mitm-proxy");
    private static final Pattern CONTROLLER = Pattern.compile("@Controller(?:\\(\"([^\"]*)\"\\))?");
    private static final Pattern OPERATION = Pattern.compile("@(Get|Put|Post|Patch|Delete)\\b(?:\\(([^)]*)\\))?");
    private static final Pattern REQUIRE = Pattern.compile(
            "(?m)^ {8}(?:caller|admission)\\.(?:require\\(Role\\.(ADMIN|OWNER)\\)|(requireSystemAdmin)\\(\\));");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

    /** Who removes himself needs no role, so this one's stands under a condition. */
    private static final String CONDITIONAL = "DELETE /api/projects/{project}/members/{userId}";

    private DeclaredRoles() {}

    /** Each as method, path at its service and role, for example {@code PUT /internal/projects/{}/agents/{} ADMIN}. */
    private static Set<String> inSources() {
        Set<String> found = new TreeSet<>();
        for (String module : MODULES) {
            for (String source : sources(module)) {
                Matcher controller = CONTROLLER.matcher(source);
                if (controller.find()) {
                    operations(source, Objects.requireNonNullElse(controller.group(1), ""), found);
                }
            }
        }
        return found;
    }

    /** As {@link #inSources}, of those operations alone that the table holds; the others have no public path. */
    static Set<String> inSourcesOf(List<Row> rows) {
        Set<String> operations = new TreeSet<>();
        rows.forEach(row -> operations.add(operation(row)));
        Set<String> found = inSources();
        found.removeIf(declared -> !operations.contains(declared.substring(0, declared.lastIndexOf(' '))));
        return found;
    }

    /** The operation as its controller has it. */
    private static String operation(Row row) {
        String path = VARIABLE.matcher(row.path()).replaceAll("{}");
        return row.method() + " "
                + (isOurs(row.path()) ? path : path.replaceFirst("^/api/(projects/\\{}/)?", "/internal/projects/{}/"));
    }

    /** What the table says, in the same words. */
    static Set<String> ofTable(List<Row> rows) {
        Set<String> said = new TreeSet<>();
        for (Row row : rows) {
            boolean more = row.who() == Least.ADMIN || row.who() == Least.OWNER || row.who() == Least.INSTALLATION;
            if (more && !row.operation().equals(CONDITIONAL)) {
                said.add(operation(row) + " " + row.who());
            }
        }
        return said;
    }

    private static boolean isOurs(String path) {
        return path.startsWith("/api/admin/")
                || path.matches("/api/projects/\\{project}(/(members|invitations|limits|webhooks).*)?");
    }

    private static void operations(String source, String prefix, Set<String> found) {
        List<int[]> starts = new ArrayList<>();
        Matcher operation = OPERATION.matcher(source);
        while (operation.find()) {
            starts.add(new int[] {operation.start()});
        }
        operation.reset();
        for (int i = 0; operation.find(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1)[0] : source.length();
            Matcher require = REQUIRE.matcher(source.substring(operation.end(), end));
            if (!require.find()) {
                continue;
            }
            String role = require.group(1) == null ? "INSTALLATION" : require.group(1);
            String method = operation.group(1).toUpperCase(Locale.ROOT);
            texts(Objects.requireNonNullElse(operation.group(2), "")).forEach(path -> {
                String whole = VARIABLE.matcher(prefix + path).replaceAll("{}");
                found.add(method + " " + whole + " " + role);
            });
        }
    }

    private static List<String> texts(String arguments) {
        List<String> found =
                TEXT.matcher(arguments).results().map(text -> text.group(1)).toList();
        return found.isEmpty() ? List.of("") : found;
    }

    private static List<String> sources(String module) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith("Controller.java"))
                    .map(DeclaredRoles::content)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("sources of " + module, e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
