package dev.slipway.workspace.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Takes the teeth out of a repository's own configuration. Git has no switch to ignore it, but what is given on the command's
 * environment stands above it; so each setting there that names a program is found and overridden.
 */
final class Disarmed {
    private static final int VALUES_MAX = 1 << 20;

    private static final int READ_MAX = 10_000;
    private static final ConcurrentHashMap<Path, Read> READ = new ConcurrentHashMap<>();

    private Disarmed() {}

    static GitCommand configuration(GitCommand plain, Path gitDir) {
        GitCommand safe = plain.config("core.hooksPath", "/dev/null")
                .config("core.fsmonitor", "false")
                .config("core.sshCommand", "false")
                .config("core.askPass", "false")
                .config("core.editor", "true")
                .config("core.alternateRefsCommand", "true")
                .config("core.quotePath", "false")
                .config("commit.gpgSign", "false")
                .config("gpg.program", "false")
                .config("gpg.ssh.program", "false")
                .config("gpg.x509.program", "false")
                .config("log.showSignature", "false")
                .config("diff.external", "")
                .config("gc.auto", "0")
                .config("maintenance.auto", "false")
                .config("submodule.recurse", "false")
                .config("status.showUntrackedFiles", "all");
        for (String name : programs(plain, gitDir)) {
            safe = safe.config(name, name.toLowerCase(Locale.ROOT).endsWith(".required") ? "false" : "");
        }
        return safe;
    }

    /** What a configuration file was when it was read; another stamp means that it has to be read again. */
    private record Read(long modifiedNanos, long bytes, List<String> programs) {}

    /** The settings by which a repository names programs that git would run on files. */
    private static List<String> programs(GitCommand plain, Path gitDir) {
        try {
            Path file = gitDir.resolve("config");
            // A linked work tree has its configuration in several places; so has one that includes others. Those are
            // read each time.
            boolean isAlone = Files.isRegularFile(file) && !Files.exists(gitDir.resolve("config.worktree"));
            if (!isAlone) {
                return read(plain).stream().filter(Disarmed::namesAProgram).toList();
            }
            long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
            long bytes = Files.size(file);
            Read known = READ.get(gitDir);
            if (known != null && known.modifiedNanos == modified && known.bytes == bytes) {
                return known.programs;
            }
            List<String> names = read(plain);
            List<String> programs =
                    names.stream().filter(Disarmed::namesAProgram).toList();
            if (names.stream().noneMatch(name -> name.startsWith("include"))) {
                if (READ.size() >= READ_MAX) {
                    READ.clear();
                }
                READ.put(gitDir, new Read(modified, bytes, programs));
            }
            return programs;
        } catch (IOException e) {
            throw new GitException("the repository's configuration cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean namesAProgram(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("filter.");
    }

    private static List<String> read(GitCommand plain) {
        GitOutput names = plain.outputMax(VALUES_MAX).attempt("config", "--includes", "--list", "--name-only", "-z");
        if (!names.ok() || names.cut()) {
            throw new GitException("the repository's configuration cannot be read: " + names.error(), names.exit());
        }
        return names.fields();
    }
}
