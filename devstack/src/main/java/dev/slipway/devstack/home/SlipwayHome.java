package dev.slipway.devstack.home;

import dev.slipway.devstack.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The folder that holds all state of one stack, {@code $SLIPWAY_HOME}; only its owner may enter it. */
public record SlipwayHome(Path root) {
    /**
     * Longest run directory, in bytes. A Unix socket's path ends at 104 bytes (macOS) and below the run directory stand a
     * session's hash, a folder and a file name: {@code /<16>/egress/egress.sock}, with room for longer names.
     */
    static final int RUN_DIRECTORY_BYTES_MAX = 56;

    public SlipwayHome {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes what is missing. */
    public SlipwayHome create() {
        try {
            PrivateFiles.directory(root);
            PrivateFiles.directory(logs());
            return this;
        } catch (IOException e) {
            throw new StartFailure(
                    "The folder " + root + " cannot be written: " + e.getMessage()
                            + "\nSay where state may be kept: SLIPWAY_HOME=/some/folder ./slipway up",
                    e);
        }
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path keys() {
        return root.resolve("keys");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path ports() {
        return root.resolve("ports.properties");
    }

    /** What runs now; there only while a launcher lives, or when it was killed. */
    public Path state() {
        return root.resolve("stack.properties");
    }

    /** There while the whole stack goes down: container-service stops its sandboxes then, and not at a mere restart. */
    public Path stopMarker() {
        return root.resolve("going-down");
    }

    public Path lock() {
        return root.resolve("launcher.lock");
    }

    /** Where sockets of sessions live: below the home where that is short enough, else below {@code /tmp}. Made if missing. */
    public Path runDirectory() {
        Path near = root.resolve("run");
        boolean fits = near.toString().getBytes(StandardCharsets.UTF_8).length <= RUN_DIRECTORY_BYTES_MAX;
        Path chosen = fits ? near : Path.of("/tmp", "slipway-" + fingerprint());
        try {
            PrivateFiles.directory(chosen);
            requireOwn(chosen);
            return chosen;
        } catch (IOException e) {
            throw new StartFailure("The folder for sockets, " + chosen + ", cannot be made: " + e.getMessage(), e);
        }
    }

    /** Twelve hex digits that stand for this home, the same at each start. */
    public String fingerprint() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(root.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In a folder that all may write to, somebody else may have been there first. */
    private void requireOwn(Path directory) throws IOException {
        boolean mine = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(root));
        String permissions =
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
        if (!mine || !permissions.equals("rwx------")) {
            throw new StartFailure("The folder " + directory + " is not ours alone (" + permissions
                    + ").\nRemove it, or choose a SLIPWAY_HOME with a path of at most "
                    + (RUN_DIRECTORY_BYTES_MAX - "/run".length()) + " bytes.");
        }
    }
}
