package dev.slipway.agent.journal;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room on the journal's disk that is kept for the day when the disk is full: giving it up lets the journal say so, and lets a turn have
 * its end. It is taken back as soon as there is room for it again.
 */
final class Reserve {
    static final int BYTES = 4 << 20;

    private static final int PIECE = 64 * 1024;

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean held;

    Reserve(Path directory) {
        this.file = directory.resolve("reserve");
        isHeldOrTaken();
    }

    /** Whether the room is kept; tries to take it where it is not. False means that the disk is full, or nearly so. */
    boolean isHeldOrTaken() {
        if (held) {
            return true;
        }
        lock.lock();
        try {
            held = held || isWhole() || take();
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Makes room. Nothing happens where it was made already. */
    void giveUp() {
        lock.lock();
        try {
            held = false;
            Files.deleteIfExists(file);
        } catch (IOException e) {
            Log.warn("the journal's reserve cannot be given up", "error", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private boolean isWhole() {
        try {
            return Files.size(file) == BYTES;
        } catch (IOException _) {
            return false;
        }
    }

    private boolean take() {
        try {
            // As much again must be left, or the journal would be in need of it at once.
            if (Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < 2L * BYTES) {
                Files.deleteIfExists(file);
                return false;
            }
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer piece = ByteBuffer.allocate(PIECE);
                for (int written = 0; written < BYTES; written += PIECE) {
                    piece.clear();
                    while (piece.hasRemaining()) {
                        channel.write(piece);
                    }
                }
                channel.force(false);
            }
            return true;
        } catch (IOException e) {
            giveUp();
            return false;
        }
    }
}
