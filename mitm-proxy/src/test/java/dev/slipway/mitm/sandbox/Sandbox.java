package dev.slipway.mitm.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A container of the sandbox image as container-service makes it: no network, the session's socket, the authority's certificate. */
final class Sandbox {
    static final String IMAGE = "slipway/sandbox:0.1.0";
    private static final long DEADLINE_SECONDS = 240;

    /** What a command in the sandbox printed, and how it ended. */
    record Done(int exit, String output) {}

    private Sandbox() {}

    /** Runs a shell script as the sandbox's user; {@code files} is mounted read-only at {@code /sandbox}. */
    static Done run(Path socket, Path authority, Path files, String script) throws IOException, InterruptedException {
        Path ca = Files.createDirectories(files.resolve("ca"));
        Files.copy(authority, ca.resolve("ca.pem"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        for (Path folder : List.of(files, ca)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path socketFolder = String.valueOf(socket).isEmpty() ? files : parent(socket);
        List<String> command =
                new ArrayList<>(List.of("docker", "run", "--rm", "--network", "none", "--cap-drop", "ALL"));
        command.addAll(List.of("--security-opt", "no-new-privileges", "-v", socketFolder + ":/run/slipway/egress:ro"));
        command.addAll(List.of("-v", ca + ":/run/slipway/ca:ro", "-v", files + ":/sandbox:ro", "--entrypoint", "sh"));
        command.addAll(List.of(IMAGE, "-c", script));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the sandbox did not end: " + output);
        }
        return new Done(process.exitValue(), output);
    }

    /** Copies a file of the test's resources to where the sandbox sees it. */
    static void give(Path files, String name) throws IOException {
        try (var in = Sandbox.class.getResourceAsStream("/sandbox/" + name)) {
            if (in == null) {
                throw new IOException("/sandbox/" + name + ": not among the resources");
            }
            Files.write(files.resolve(name), in.readAllBytes());
        }
        Files.setPosixFilePermissions(files.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + ": no folder");
        }
        return parent;
    }
}
