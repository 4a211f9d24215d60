package dev.slipway.container.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How many processes of one user this host lets us have (RLIMIT_NPROC, setrlimit(2)). Podman gives a container the kernel's own
 * maximum unless told, and a host that may not raise limits then refuses to start it.
 */
final class ProcessCeiling {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path NUMBERS = Path.of("/proc/sys/kernel/pid_max");
    private static final int HARD_LIMIT = 3;
    private static final int DIGITS_MAX = 32;
    /** To this Podman limits itself, whatever it may have (its RLimitDefaultValue). */
    private static final long PODMAN_MAX = 1024 * 1024;

    private ProcessCeiling() {}

    /** The least of this process's hard limit, of the process numbers there are, and of what Podman leaves itself; empty where no Linux has them. */
    static OptionalLong here() {
        try (Stream<String> lines = Files.lines(LIMITS)) {
            long most = Math.min(PODMAN_MAX, numbers());
            return lines.filter(line -> line.startsWith("Max processes"))
                    .map(line -> line.split("\\s+")[HARD_LIMIT])
                    .mapToLong(limit -> limit.equals("unlimited") ? most : Math.min(most, Long.parseLong(limit)))
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /** In one read: the kernel gives a setting to the first alone, so whoever reads it byte by byte gets its first digit. */
    private static long numbers() throws IOException {
        byte[] digits = new byte[DIGITS_MAX];
        try (InputStream in = Files.newInputStream(NUMBERS)) {
            int count = Math.max(0, in.read(digits));
            return Long.parseLong(new String(digits, 0, count, StandardCharsets.US_ASCII).strip());
        }
    }
}
