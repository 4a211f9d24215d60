package dev.slipway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Programs run to their end, with a deadline. */
final class Commands {
    /** The project's root folder. */
    static final Path ROOT =
            Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();

    private Commands() {}

    /** How a program ended and all that it printed. */
    record Result(int exitCode, String output) {
        String orFail() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + ":\n" + output);
            }
            return output;
        }
    }

    static Result run(Path folder, Map<String, String> environment, Duration deadline, String... command) {
        return run(folder, environment, deadline, List.of(command), null);
    }

    static Result run(
            Path folder,
            Map<String, String> environment,
            Duration deadline,
            List<String> command,
            @Nullable String input) {
        try {
            // Into a file and not a pipe: what a program leaves running in the background may keep a pipe open.
            Path output = Files.createTempFile("slipway-e2e", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                if (input != null) {
                    stdin.write(input.getBytes(StandardCharsets.UTF_8));
                }
            }
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command) + ": not done within " + deadline + "\n" + Files.readString(output));
            }
            String printed = Files.readString(output);
            Files.delete(output);
            return new Result(process.exitValue(), printed);
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static String git(Path folder, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(folder, Map.of(), Duration.ofMinutes(1), command).orFail();
    }

    static Result docker(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "docker";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(ROOT, Map.of(), Duration.ofMinutes(2), command);
    }
}
