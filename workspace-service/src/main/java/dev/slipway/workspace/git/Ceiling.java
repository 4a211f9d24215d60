package dev.slipway.workspace.git;

import java.util.List;

/**
 * How much a git may take that works on what somebody else sent. Both are limits of the system's (setrlimit(2)) for each process:
 * a pack of some kilobytes can ask for any amount of memory, and no setting of git's own looks at that.
 *
 * @param memoryBytes memory that it allocates; 0 for no limit
 * @param fileBytes the largest file that it may write; 0 for no limit
 */
public record Ceiling(long memoryBytes, long fileBytes) {
    /** No limits but the system's. */
    public static final Ceiling NONE = new Ceiling(0, 0);

    /**
     * What a POSIX shell sets before it becomes git: {@code -d} is in kilobytes, {@code -f} in blocks of 512 bytes. With the signal of
     * the latter (25, SIGXFSZ) ignored, git is told by the write that fails and says so.
     */
    private static final String SCRIPT = "trap '' 25; [ \"$1\" = 0 ] || ulimit -d \"$1\" 2>/dev/null;"
            + " [ \"$2\" = 0 ] || ulimit -f \"$2\" 2>/dev/null; shift 2; exec \"$@\"";

    List<String> prefix() {
        return equals(NONE)
                ? List.of()
                : List.of(
                        "sh",
                        "-c",
                        SCRIPT,
                        "git",
                        Long.toString((memoryBytes + 1023) >> 10),
                        Long.toString((fileBytes + 511) >> 9));
    }

    /** Whether what git, or git-lfs, said tells that it met the limit to files. */
    public static boolean wasMetBy(String said) {
        return said.contains("File too large") || said.contains("file too large");
    }

    /** Whether what git said tells that it met the limit to memory. */
    public static boolean memoryWasMetBy(String said) {
        return said.contains("Out of memory")
                || said.contains("out of memory")
                || said.contains("Cannot allocate memory");
    }
}
