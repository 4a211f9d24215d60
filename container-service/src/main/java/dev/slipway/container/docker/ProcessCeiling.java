package dev.slipway.container.docker;

import java.io.IOException;
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
    /** To this Podman limits itself, whatever it may have (its RLimitDefaultValue). */
    private static final long PODMAN_MAX = 1024 * 1024;

    private ProcessCeiling() {}

    /** The least of this process's hard limit, of the process numbers there are, and of what Podman leaves itself; empty where no Linux has them. */
    static OptionalLong here() {
        try (Stream<String> lines = Files.lines(LIMITS)) {
            long most = Math.min(
                    PODMAN_MAX, Long.parseLong(Files.readString(NUMBERS).strip()));
            return lines.filter(line -> line.startsWith("Max processes"))
                    .map(line -> line.split("\\s+")[HARD_LIMIT])
                    .mapToLong(limit -> limit.equals("unlimited") ? most : Math.min(most, Long.parseLong(limit)))
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }
}
