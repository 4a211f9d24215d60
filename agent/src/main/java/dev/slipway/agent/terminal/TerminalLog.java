package dev.slipway.agent.terminal;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the session's shells wrote, the last megabytes of it: files of about a mebibyte on the volume, each named by the
 * position of its first byte. Each file begins where no sequence is open, so the oldest one that is kept is a good place to
 * begin reading. When the disk is full older files go first, for a terminal is what one mends a full disk with.
 */
final class TerminalLog implements AutoCloseable {
    static final int FILE_BYTES = 1 << 20;
    static final int FILES_MAX = 8;
    /** A sequence that is longer than this is passed on as it is, lest a program that never ends one hides all that follows. */
    static final int SEQUENCE_BYTES_MAX = 64 * 1024;

    private final Path folder;
    /** Sizes by first position. */
    private final TreeMap<Long, Integer> files = new TreeMap<>();

    private final EscapeScanner scanner = new EscapeScanner();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private @Nullable FileChannel last;
    private long end;
    private long readable;
    private long changes;

    private TerminalLog(Path folder) {
        this.folder = folder;
    }

    /** The log in that folder, as an earlier life left it. */
    static TerminalLog open(Path folder) throws IOException {
        TerminalLog log = new TerminalLog(folder);
        Files.createDirectories(folder);
        try (var paths = Files.newDirectoryStream(folder, "*.out")) {
            for (Path path : paths) {
                String name = path.getFileName().toString();
                log.files.put(
                        Long.parseLong(name.substring(0, name.length() - ".out".length())), (int) Files.size(path));
            }
        }
        if (!log.files.isEmpty()) {
            Map.Entry<Long, Integer> newest = log.files.lastEntry();
            log.end = newest.getKey() + newest.getValue();
            log.readable = log.end;
        }
        return log;
    }

    /** Takes what a shell wrote. */
    void append(byte[] bytes, int length) {
        lock.lock();
        try {
            int done = 0;
            for (int at = 0; at < length; at++) {
                boolean whole = scanner.accept(bytes[at]);
                if (whole || end + (at + 1 - done) - readable > SEQUENCE_BYTES_MAX) {
                    scanner.reset();
                    int limit = at + 1;
                    if (sizeOfLast() + (limit - done) >= FILE_BYTES) {
                        store(bytes, done, limit - done);
                        done = limit;
                        readable = end;
                        startFile();
                    } else {
                        readable = end + (limit - done);
                    }
                }
            }
            store(bytes, done, length - done);
            readable = Math.min(readable, end); // less, if the disk is full
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes of what is open: a shell has ended. */
    void settle() {
        lock.lock();
        try {
            scanner.reset();
            readable = end;
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** Up to where it may be read. */
    long end() {
        lock.lock();
        try {
            return readable;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest position that is kept. */
    long base() {
        lock.lock();
        try {
            return files.isEmpty() ? end : files.firstKey();
        } finally {
            lock.unlock();
        }
    }

    /** Where a new viewer best begins: about half a mebibyte of output before the end. */
    long recent() {
        lock.lock();
        try {
            Long start = files.floorKey(end - FILE_BYTES / 2);
            return start != null ? start : files.isEmpty() ? end : files.firstKey();
        } finally {
            lock.unlock();
        }
    }

    /** How often something has changed here. Who waits asks before he looks, so that no change passes in between. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something has changed since {@link #changes} said that; whether it has. */
    boolean await(long seen, Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (changes == seen && left > 0) {
                left = grown.awaitNanos(left);
            }
            return changes != seen;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes who waits, to look at something else than this log. */
    void nudge() {
        lock.lock();
        try {
            changed();
        } finally {
            lock.unlock();
        }
    }

    private void changed() {
        changes++;
        grown.signalAll();
    }

    /**
     * A piece, cut where nothing is open. One that begins before {@link #base} begins there instead.
     *
     * @param bytesMax about how many; a long sequence may make it more
     */
    Piece read(long position, int bytesMax) throws IOException {
        lock.lock();
        try {
            long from = Math.min(Math.max(position, files.isEmpty() ? end : files.firstKey()), readable);
            byte[] bytes = new byte[(int) Math.min(bytesMax + SEQUENCE_BYTES_MAX, readable - from)];
            int length = fill(from, bytes);
            return new Piece(from, Arrays.copyOf(bytes, cut(bytes, length, bytesMax)));
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of the log. */
    static final class Piece {
        final byte[] bytes;
        private final long from;

        Piece(long from, byte[] bytes) {
            this.from = from;
            this.bytes = bytes;
        }

        /** The position behind them. */
        long end() {
            return from + bytes.length;
        }
    }

    private static int cut(byte[] bytes, int length, int wanted) {
        if (length <= wanted) {
            return length;
        }
        EscapeScanner scanner = new EscapeScanner();
        int cut = 0;
        for (int at = 0; at < length; at++) {
            if (scanner.accept(bytes[at])) {
                cut = at + 1;
                if (cut >= wanted) {
                    return cut;
                }
            }
        }
        return cut == 0 ? length : cut;
    }

    private int fill(long from, byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            Map.Entry<Long, Integer> file = files.floorEntry(from + done);
            if (file == null) {
                break;
            }
            long offset = from + done - file.getKey();
            int count = (int) Math.min(bytes.length - done, file.getValue() - offset);
            if (count <= 0) {
                break;
            }
            try (FileChannel channel = FileChannel.open(path(file.getKey()), StandardOpenOption.READ)) {
                ByteBuffer target = ByteBuffer.wrap(bytes, done, count);
                while (target.hasRemaining()) {
                    if (channel.read(target, offset + count - target.remaining()) < 0) {
                        return done + count - target.remaining();
                    }
                }
            }
            done += count;
        }
        return done;
    }

    private int sizeOfLast() {
        return files.isEmpty() ? 0 : files.lastEntry().getValue();
    }

    private void store(byte[] bytes, int from, int length) {
        if (length == 0) {
            return;
        }
        try {
            write(ByteBuffer.wrap(bytes, from, length));
        } catch (IOException e) {
            makeRoom();
            try {
                write(ByteBuffer.wrap(bytes, from, length));
            } catch (IOException again) {
                Log.warn("terminal output is lost, its disk cannot be written", "error", again.getMessage());
            }
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        FileChannel channel = last;
        if (channel == null) {
            long start = files.isEmpty() ? end : files.lastKey();
            channel = FileChannel.open(path(start), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            last = channel;
            files.putIfAbsent(start, 0);
        }
        long start = files.lastKey();
        long at = end - start;
        while (bytes.hasRemaining()) {
            int count = channel.write(bytes, at);
            at += count;
            end += count;
            files.put(start, (int) at);
        }
    }

    private void startFile() {
        closeLast();
        while (files.size() >= FILES_MAX) {
            dropOldest();
        }
        files.put(end, 0);
    }

    private void makeRoom() {
        while (files.size() > 1) {
            dropOldest();
        }
    }

    private void dropOldest() {
        Long oldest = files.firstKey();
        files.remove(oldest);
        try {
            Files.deleteIfExists(path(oldest));
        } catch (IOException e) {
            Log.warn("old terminal output cannot be deleted", "error", e.getMessage());
        }
    }

    private void closeLast() {
        FileChannel channel = last;
        last = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                Log.warn("terminal output cannot be closed", "error", e.getMessage());
            }
        }
    }

    private Path path(long start) {
        return folder.resolve("%020d.out".formatted(start));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closeLast();
        } finally {
            lock.unlock();
        }
    }
}
