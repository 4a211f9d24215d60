package dev.slipway.container.runtime;

/**
 * What a sandbox may use.
 *
 * @param cpus processors, fractions allowed
 * @param memoryBytes memory with no swap beyond it; what lies in {@code /tmp}, {@code /run} and {@code /dev/shm} counts
 * @param pids processes and threads together
 * @param openFiles file handles per process
 * @param tmpBytes size of {@code /tmp}
 */
public record SandboxBounds(double cpus, long memoryBytes, int pids, int openFiles, long tmpBytes) {
    private static final long MEMORY_MIN = 64L * 1024 * 1024;

    public SandboxBounds {
        if (!(cpus > 0)) {
            throw new IllegalArgumentException("cpus: " + cpus + " (expected: > 0)");
        }
        if (memoryBytes < MEMORY_MIN) {
            throw new IllegalArgumentException(
                    "memoryBytes: " + memoryBytes + " (expected: at least " + MEMORY_MIN + ")");
        }
        if (pids < 16) {
            throw new IllegalArgumentException("pids: " + pids + " (expected: at least 16)");
        }
        if (openFiles < 256) {
            throw new IllegalArgumentException("openFiles: " + openFiles + " (expected: at least 256)");
        }
        if (tmpBytes < 1024 * 1024) {
            throw new IllegalArgumentException("tmpBytes: " + tmpBytes + " (expected: at least 1 MiB)");
        }
    }
}
