package dev.slipway.workspace.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.Shell;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate lets in what it has seen whole, and nothing else. */
@NullMarked
class PushGateTest {
    @TempDir
    private Path folder;

    @Test
    void whatItCouldNotLookThroughIsNotLetIn() throws Exception {
        Shell repository = Shell.repository(folder.resolve("repository"));
        Path hook = PushGate.write(folder.resolve("hooks")).resolve("pre-receive");
        Path broken = Files.createDirectories(folder.resolve("bin")).resolve("git");
        Files.writeString(broken, "#!/bin/sh\n[ \"$1\" = cat-file ] && kill -9 $$\nPATH=${PATH#*:}\nexec git \"$@\"\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));
        String path = System.getenv("PATH");

        Shell.Said whole = run(hook, repository, path);
        Shell.Said died = run(hook, repository, broken.getParent() + ":" + path);

        assertThat(whole).isEqualTo(new Shell.Said(0, ""));
        assertThat(died.exit()).isNotZero();
        assertThat(died.text()).contains("cannot be told how large", "Nothing was changed");
    }

    private static Shell.Said run(Path hook, Shell repository, String path) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(hook.toString())
                .directory(repository.folder().toFile())
                .redirectErrorStream(true);
        builder.environment().put("PATH", path);
        builder.environment().put("SLIPWAY_OBJECT_BYTES_MAX", "1000");
        builder.environment().put("SLIPWAY_TREE_FILES_MAX", "10");
        builder.environment().put("SLIPWAY_TREE_BYTES_MAX", "1000");
        Path pushed = repository.folder().resolveSibling("pushed");
        Files.writeString(pushed, "0".repeat(40) + " " + repository.head() + " refs/heads/main\n");
        Process process = builder.redirectInput(pushed.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Shell.Said(process.waitFor(), said);
    }
}
