package dev.slipway.mitm.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that others wrote, run to their end. */
public final class Programs {
    private static final long DEADLINE_SECONDS = 60;

    private Programs() {}

    /** What a program prints on its standard output. */
    public static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(String.join(" ", command) + ": did not end; printed " + output);
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** What curl prints when it goes through this proxy. */
    public static String curl(RunningProxy proxy, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "30", "--cacert"));
        command.addAll(List.of(proxy.authorityFile().toString(), "--proxy", "http://127.0.0.1:" + proxy.relayPort()));
        command.add("--suppress-connect-headers");
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** A resource of the tests as a file. */
    public static Path resource(Path folder, String name) throws IOException {
        Path file = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
        try (var in = Programs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + ": not among the resources");
            }
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    /** A file of this many zero bytes. */
    public static Path file(Path folder, long bytes) throws IOException {
        Path file = folder.resolve("zeros-" + bytes);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }
}
