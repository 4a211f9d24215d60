package dev.slipway.container.host;

import dev.slipway.container.runtime.SandboxName;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of a session, {@code <run-dir>/<hash>/…}. The one that a sandbox may write to lies in one that only we and
 * mitm-proxy may enter, so no other user of the host reaches into it; a mount does not care for the folders above it.
 */
@Singleton
public final class SessionDirectories {
    /** The user in every sandbox. */
    public static final int SANDBOX_UID = 1000;

    /** Room for what a socket's path has below the run directory: hash, slash, {@code egress/egress.sock}; 104 on macOS. */
    private static final int RUN_DIR_BYTES_MAX = 104 - 1 - 16 - 1 - "egress/egress.sock".length() - 1;

    private static final Logger LOG = LoggerFactory.getLogger(SessionDirectories.class);

    private final Path runDir;

    /** Directories below {@code runDir}, whose path must be short. */
    public SessionDirectories(@Value("${slipway.run-dir}") String runDir) {
        this.runDir = Path.of(runDir).toAbsolutePath().normalize();
        int length = this.runDir.toString().length();
        if (length > RUN_DIR_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "slipway.run-dir (SLIPWAY_RUN_DIR): " + length + " characters (expected: at most "
                            + RUN_DIR_BYTES_MAX + ", since the path of a Unix socket must be short): " + this.runDir);
        }
    }

    /** What they all lie in. */
    public Path runDir() {
        return runDir;
    }

    /** Holds mitm-proxy's socket. */
    public Path egress(SandboxName name) {
        return root(name).resolve("egress");
    }

    /** Holds agent's socket. */
    public Path agent(SandboxName name) {
        return root(name).resolve("agent");
    }

    /** Holds the certificates to trust. */
    public Path authority(SandboxName name) {
        return root(name).resolve("ca");
    }

    /** Holds our own links; never mounted anywhere. */
    public Path links(SandboxName name) {
        return root(name).resolve("link");
    }

    /** Makes what is missing and mends owners and modes. The directory for egress is mitm-proxy's to make. */
    public void prepare(SandboxName name) throws IOException {
        make(root(name), "rwx------");
        if (!Files.isDirectory(egress(name), LinkOption.NOFOLLOW_LINKS)) {
            make(egress(name), "rwxr-xr-x");
        }
        make(authority(name), "rwxr-xr-x");
        make(links(name), "rwx------");
        Path agent = agent(name);
        Files.createDirectories(agent);
        give(agent);
    }

    /** Whether the session has directories already. */
    public boolean has(SandboxName name) {
        return Files.exists(root(name), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes the directories of a sandbox that was made ahead a session's, by one rename; again, it changes nothing. What is mounted
     * from them stays mounted: a mount is of the directory and not of its name.
     */
    public void give(SandboxName warm, SandboxName session) throws IOException {
        if (has(warm)) {
            Files.move(root(warm), root(session), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Removes all of it. Symbolic links in it are removed and not followed. */
    public void remove(SandboxName name) throws IOException {
        Path root = root(name);
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException reason) throws IOException {
                if (reason instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // mitm-proxy removes its part at the same time
                }
                throw reason;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException reason) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Path root(SandboxName name) {
        return runDir.resolve(name.hash());
    }

    private static void make(Path directory, String mode) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }

    /** To the sandbox's user alone if we may; otherwise open, since the folder above lets nobody else through. */
    private static void give(Path agent) throws IOException {
        if ((Integer) Files.getAttribute(agent, "unix:uid", LinkOption.NOFOLLOW_LINKS) != SANDBOX_UID) {
            try {
                Files.setAttribute(agent, "unix:uid", SANDBOX_UID, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(agent, "unix:gid", SANDBOX_UID, LinkOption.NOFOLLOW_LINKS);
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("may not change owners; the agent's directory is open instead");
                Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxrwxrwx"));
                return;
            }
        }
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
    }
}
