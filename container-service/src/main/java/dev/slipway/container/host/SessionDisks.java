package dev.slipway.container.host;

import dev.slipway.container.runtime.SandboxName;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disks of a bounded size for sessions: a sparse file with a file system in it, mounted on the engine's host. Few storage drivers
 * can bound a volume (on ext4 none), and a sandbox that fills the host's disk would take all others with it; so it fills
 * its own instead. Needs root and loop devices; elsewhere a session has an ordinary volume without a bound.
 */
@Singleton
public final class SessionDisks {
    private static final Logger LOG = LoggerFactory.getLogger(SessionDisks.class);
    private static final long BYTES_MIN = 32L * 1024 * 1024;
    private static final long COMMAND_SECONDS_MAX = 60;
    private static final int UNMOUNTS_MAX = 20;

    private final Path folder;
    private final boolean able;

    /** @param mode {@code auto} to use them where they work, {@code off} for ordinary volumes everywhere */
    public SessionDisks(
            @Value("${slipway.home}") String home, @Value("${slipway.sandboxes.disk-images:auto}") String mode) {
        folder = Path.of(home).toAbsolutePath().resolve("disks");
        able = mode.equals("auto")
                && "root".equals(System.getProperty("user.name"))
                && Files.exists(Path.of("/dev/loop-control"))
                && Files.isExecutable(Path.of("/usr/sbin/mkfs.ext4"));
    }

    /** Whether a new session gets a disk of bounded size. */
    public boolean isAble() {
        return able;
    }

    /** Whether the session has such a disk already. */
    public boolean has(SandboxName name) {
        return Files.exists(image(name));
    }

    /** Makes the disk if it is not there, mounts it if it is not mounted, and says where. What it holds is kept. */
    public synchronized Path prepare(SandboxName name, long bytes) throws IOException {
        Path image = image(name);
        Path mount = mount(name);
        if (isMounted(mount)) {
            return mount;
        }
        Files.createDirectories(mount);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (!Files.exists(image)) {
            Path fresh = folder.resolve(name.hash() + ".new");
            try (RandomAccessFile file = new RandomAccessFile(fresh.toFile(), "rw")) {
                file.setLength(Math.max(bytes, BYTES_MIN));
            }
            String owner = "root_owner=" + SessionDirectories.SANDBOX_UID + ":" + SessionDirectories.SANDBOX_UID;
            run(
                    "mkfs.ext4",
                    "-q",
                    "-F",
                    "-m",
                    "0",
                    "-E",
                    "lazy_itable_init=1,lazy_journal_init=1," + owner,
                    fresh.toString());
            Files.move(fresh, image);
        }
        run("mount", "-o", "loop,nosuid,nodev,noatime", image.toString(), mount.toString());
        Files.deleteIfExists(mount.resolve("lost+found"));
        return mount;
    }

    /** Bytes in use, where the session has such a disk and it is mounted. */
    public OptionalLong used(SandboxName name) {
        Path mount = mount(name);
        try {
            if (!isMounted(mount)) {
                return OptionalLong.empty();
            }
            var store = Files.getFileStore(mount);
            return OptionalLong.of(store.getTotalSpace() - store.getUnallocatedSpace());
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a session's disk cannot be measured");
            return OptionalLong.empty();
        }
    }

    /** Removes the disk with all on it. Its sandbox must be gone; the engine may hold it a moment longer. */
    public synchronized void remove(SandboxName name) throws IOException {
        Path mount = mount(name);
        for (int attempt = 1; isMounted(mount); attempt++) {
            try {
                run("umount", mount.toString());
            } catch (IOException e) {
                if (attempt == UNMOUNTS_MAX) {
                    throw e;
                }
                pause();
            }
        }
        Files.deleteIfExists(mount);
        Files.deleteIfExists(image(name));
    }

    private Path image(SandboxName name) {
        return folder.resolve(name.hash() + ".ext4");
    }

    private Path mount(SandboxName name) {
        return folder.resolve(name.hash());
    }

    private static boolean isMounted(Path mount) throws IOException {
        Path table = Path.of("/proc/self/mountinfo");
        if (!Files.exists(table)) {
            return false;
        }
        try (var lines = Files.lines(table)) {
            return lines.anyMatch(line -> line.split(" ", 6)[4].equals(mount.toString()));
        }
    }

    private static void run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException(command[0] + " did not end within " + COMMAND_SECONDS_MAX + " s");
            }
            String said = new String(process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IOException(command[0] + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during " + command[0], e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
