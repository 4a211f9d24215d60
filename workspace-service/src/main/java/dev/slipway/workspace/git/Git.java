package dev.slipway.workspace.git;

import dev.slipway.workspace.WorkspaceSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where every git command starts. Each gets an environment made here from nothing: no system or user configuration, no hooks, no
 * prompts, no lazy fetches, no transport but the one that a command names, and paths that are taken literally. In a repository it has
 * a {@link Ceiling} for memory, for what is in there was sent by somebody.
 */
@Singleton
public class Git {
    /** Passed on from our own environment: how to find programs and the way out. */
    private static final String[] INHERITED = {
        "PATH",
        "TMPDIR",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE"
    };

    private static final String CONFIGURATION = """
            [safe]
                directory = *
            [core]
                hooksPath = /dev/null
                fsmonitor = false
                quotePath = false
                logAllRefUpdates = always
                filesRefLockTimeout = 2000
                packedRefsTimeout = 2000
                bigFileThreshold = 32m
            [pack]
                windowMemory = 128m
                threads = 4
            [gc]
                auto = 0
            [maintenance]
                auto = false
            [protocol]
                version = 2
            [protocol "ext"]
                allow = never
            [credential]
                helper =
            [http]
                followRedirects = false
                lowSpeedLimit = 1000
                lowSpeedTime = 60
            [init]
                defaultBranch = main
            [advice]
                detachedHead = false
            [user]
                useConfigOnly = true
            """;

    private final Map<String, String> environment;
    private final Path gate;
    private final Ceiling ceiling;

    Git(WorkspaceSettings settings) {
        Path home = Path.of(settings.cacheFolder()).toAbsolutePath().resolve(".home");
        this.gate = PushGate.write(home.resolve("push-gate"));
        this.ceiling = new Ceiling(settings.gitMemoryMax(), 0);
        this.environment = Map.copyOf(environment(home, configuration(home), settings.trustedCaFile()));
    }

    /** A command on a bare repository of ours, whose configuration is ours too. */
    public GitCommand on(Path gitDir) {
        return new GitCommand(gitDir, environment)
                .with("GIT_DIR", gitDir.toString())
                .ceiling(ceiling);
    }

    /** A command on a bare repository of ours that takes what somebody pushes, if {@link PushGate} lets it in. */
    public GitCommand receiving(GitCommand command, WorkspaceSettings settings) {
        return PushGate.before(command, gate, settings);
    }

    /** A command on a folder that is no repository, or of which we do not say which it is. */
    public GitCommand in(Path folder) {
        return new GitCommand(folder, environment);
    }

    /** A command on somebody's work tree. What its configuration would have git run is switched off by name. */
    public GitCommand on(Path gitDir, Path workTree) {
        GitCommand plain = new GitCommand(workTree, environment)
                .with("GIT_DIR", gitDir.toString())
                .with("GIT_WORK_TREE", workTree.toString())
                .ceiling(ceiling);
        return Disarmed.configuration(plain, gitDir);
    }

    private static Path configuration(Path home) {
        try {
            Files.createDirectories(home);
            Path file = home.resolve("gitconfig");
            Path staging = Files.createTempFile(home, "gitconfig", ".new");
            Files.writeString(staging, CONFIGURATION);
            Files.move(staging, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write git's configuration in " + home, e);
        }
    }

    private static Map<String, String> environment(Path home, Path configuration, String trustedCaFile) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("HOME", home.toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", configuration.toString());
        environment.put("GIT_ATTR_NOSYSTEM", "1");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ASKPASS", "false");
        environment.put("SSH_ASKPASS", "false");
        environment.put("GIT_SSH_COMMAND", "false");
        environment.put("GIT_EDITOR", "true");
        environment.put("GIT_PAGER", "cat");
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_LITERAL_PATHSPECS", "1");
        environment.put("GIT_NO_LAZY_FETCH", "1");
        environment.put("GIT_NO_REPLACE_OBJECTS", "1");
        environment.put("GIT_ALLOW_PROTOCOL", "none");
        if (!trustedCaFile.isEmpty()) {
            environment.put("GIT_SSL_CAINFO", trustedCaFile);
        }
        return environment;
    }
}
