package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every kind of problem that the sources make has its row in {@code docs/problems}. */
class ProblemsDocumentedTest {
    private static final List<String> MODULES = List.of(
            "service-kit",
            "gateway",
            "workspace-service",
            "session-service",
            "container-service",
            "credential-service",
            "mitm-proxy");
    private static final Pattern MADE = Pattern.compile(
            "(?:ProblemException\\s*\\.of\\(\\s*HttpStatus\\.[A-Z_]+,|ProblemException\\s*\\.conflict\\(|new Refused\\(\\s*HttpStatus\\.[A-Z_]+,)"
                    + "\\s*\"([a-z-]+)\"");

    @Test
    void everyKindIsExplained() throws IOException {
        String page = Files.readString(Commands.ROOT.resolve("docs/problems/README.md"));

        Set<String> kinds = kindsInSources();

        assertThat(kinds).hasSizeGreaterThan(30);
        assertThat(kinds).allSatisfy(kind -> assertThat(page).contains("| `" + kind + "` |"));
    }

    private static Set<String> kindsInSources() throws IOException {
        Set<String> kinds = new TreeSet<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Commands.ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                    try {
                        MADE.matcher(Files.readString(file)).results().forEach(made -> kinds.add(made.group(1)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        return kinds;
    }
}
