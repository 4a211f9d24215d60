package dev.slipway.workspace.git;

import java.util.Locale;

/**
 * Takes the teeth out of a repository's own configuration. Git has no switch to ignore it, but what is given on the command's
 * environment stands above it; so each setting there that names a program is found and overridden.
 */
final class Disarmed {
    private static final int VALUES_MAX = 1 << 20;

    private Disarmed() {}

    static GitCommand configuration(GitCommand plain) {
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
        GitOutput names = plain.outputMax(VALUES_MAX).attempt("config", "--includes", "--list", "--name-only", "-z");
        if (!names.ok() || names.cut()) {
            throw new GitException("the repository's configuration cannot be read: " + names.error(), names.exit());
        }
        for (String name : names.fields()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("filter.")) {
                safe = safe.config(name, lower.endsWith(".required") ? "false" : "");
            }
        }
        return safe;
    }
}
