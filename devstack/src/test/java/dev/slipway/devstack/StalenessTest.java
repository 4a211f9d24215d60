package dev.slipway.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `./slipway up` takes for changed since it was built (build-tools/build.sh). */
class StalenessTest {
    private static final Path TOOLS =
            Path.of("..", "build-tools").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path project;

    @BeforeEach
    void makeProject() throws IOException {
        write("pom.xml", "<project/>");
        write("contracts/pom.xml", "<project/>");
        write("contracts/src/main/java/Event.java", "record Event() {}");
        write("gateway/pom.xml", "<dependency><artifactId>contracts</artifactId></dependency>");
        write("gateway/src/main/java/Door.java", "class Door {}");
        write("cli/pom.xml", "<project/>");
        write("cli/src/main/java/Main.java", "class Main {}");
    }

    @Test
    void anUntouchedModuleKeepsItsStamp() throws Exception {
        assertThat(stamp("gateway")).hasSize(64).isEqualTo(stamp("gateway"));
    }

    @Test
    void aChangedSourceChangesItsModuleAndNoOther() throws Exception {
        String gateway = stamp("gateway");
        String cli = stamp("cli");

        write("gateway/src/main/java/Door.java", "class Door { int open; }");

        assertThat(stamp("gateway")).isNotEqualTo(gateway);
        assertThat(stamp("cli")).isEqualTo(cli);
    }

    @Test
    void aNewerTimeAloneChangesNothing() throws Exception {
        String gateway = stamp("gateway");

        write("gateway/src/main/java/Door.java", "class Door {}");

        assertThat(stamp("gateway")).isEqualTo(gateway);
    }

    @Test
    void aRemovedAndARenamedSourceAreChanges() throws Exception {
        write("gateway/src/main/java/Window.java", "class Window {}");
        String both = stamp("gateway");

        Files.move(
                project.resolve("gateway/src/main/java/Window.java"),
                project.resolve("gateway/src/main/java/Pane.java"));
        String renamed = stamp("gateway");
        Files.delete(project.resolve("gateway/src/main/java/Pane.java"));

        assertThat(renamed).isNotEqualTo(both);
        assertThat(stamp("gateway")).isNotEqualTo(renamed).isNotEqualTo(both);
    }

    @Test
    void aChangedContractChangesTheModulesMadeWithIt() throws Exception {
        String gateway = stamp("gateway");
        String cli = stamp("cli");

        write("contracts/src/main/java/Event.java", "record Event(int number) {}");

        assertThat(stamp("gateway")).isNotEqualTo(gateway);
        assertThat(stamp("cli")).isEqualTo(cli);
    }

    @Test
    void aChangedVersionInTheRootPomChangesAll() throws Exception {
        String gateway = stamp("gateway");
        String cli = stamp("cli");

        write("pom.xml", "<project>newer</project>");

        assertThat(stamp("gateway")).isNotEqualTo(gateway);
        assertThat(stamp("cli")).isNotEqualTo(cli);
    }

    private void write(String path, String text) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String stamp(String module) throws IOException, InterruptedException {
        String script = "set -euo pipefail; root=$1; . \"$2/common.sh\"; . \"$2/build.sh\";"
                + " source_sums >\"$root/.sums\"; module_stamp \"$3\" \"$root/.sums\"";
        Process process = new ProcessBuilder(
                        "bash", "-c", script, "stamp", project.toString(), TOOLS.toString(), module)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.strip();
    }
}
