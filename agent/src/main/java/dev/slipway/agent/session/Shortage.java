package dev.slipway.agent.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a sandbox ran out of, as the kernel counts it for its control groups (cgroups(7); the kernel's documentation of memory and pids).
 * It explains why a process ended or could not be started, which the process itself seldom can.
 *
 * @param memoryKills processes ended for want of memory
 * @param forksRefused processes not started because there were as many as there may be
 */
record Shortage(long memoryKills, long forksRefused) {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** All that was counted since the sandbox started. */
    static Shortage now() {
        return now(CGROUPS);
    }

    /** As above; both layouts of control groups are looked at. */
    static Shortage now(Path cgroups) {
        return new Shortage(
                count(cgroups, List.of("memory.events", "memory/memory.oom_control"), "oom_kill"),
                count(cgroups, List.of("pids.events", "pids/pids.events"), "max"));
    }

    /** A sentence of what has been short since then; empty if nothing was. */
    Optional<String> since(Shortage earlier) {
        if (memoryKills > earlier.memoryKills()) {
            return Optional.of(
                    "The sandbox ran out of memory, and the kernel ended a process in it. Raise the session's memory limit, or do less at once.");
        }
        if (forksRefused > earlier.forksRefused()) {
            return Optional.of(
                    "The sandbox has as many processes as it may have. End some, restart the session (which ends them all), or raise its limit of processes.");
        }
        return Optional.empty();
    }

    private static long count(Path cgroups, List<String> files, String key) {
        return files.stream()
                .map(cgroups::resolve)
                .filter(Files::isReadable)
                .flatMap(Shortage::lines)
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(
                        line -> Long.parseLong(line.substring(key.length() + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException _) {
            return Stream.empty();
        }
    }
}
