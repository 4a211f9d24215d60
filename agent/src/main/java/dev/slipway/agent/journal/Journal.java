package dev.slipway.agent.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.agent.log.Log;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of JSON lines in segment files, {@code <first seq, 20 digits>.ndjson}.
 *
 * <p>Appending gives an entry its number at once; one writer takes all that has gathered, writes it and calls fsync, and only then may
 * readers see it. So a burst costs one fsync, a single entry waits for one, and nobody is ever shown what a power cut
 * could take back. After a crash, what follows the last whole line is cut off: it was never shown.
 */
public final class Journal implements AutoCloseable {
    /** What may wait for the disk; beyond it appenders wait too, and with them the CLI that produces so much. */
    private static final int PENDING_BYTES_MAX = 16 << 20;

    private static final long SEGMENT_BYTES_MAX = 64L << 20;
    /** Every so many entries the position is remembered, so that reading from anywhere skips no more than these. */
    private static final int MARK_EVERY = 64;

    private static final Duration RETRY_AFTER_DISK_ERROR = Duration.ofMillis(500);

    private final Path directory;
    private final Clock clock;
    private final long segmentBytesMax;
    private final ObjectMapper json = new ObjectMapper();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition pendingChanged = lock.newCondition();
    private final Condition durableChanged = lock.newCondition();

    // All below: guarded by lock.
    private final List<Segment> segments = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private ArrayDeque<byte[]> pending = new ArrayDeque<>();
    private int pendingBytes;
    private long assignedSeq;
    private long durableSeq;
    private boolean closed;
    private boolean writerDone;
    private @Nullable String diskError;

    private final Reserve reserve;

    /** Used by the writer alone. */
    private FileChannel channel;

    private record Mark(long seq, int segment, long offset) {}

    private static final class Segment {
        private final Path file;
        private final long firstSeq;
        private long durableBytes;

        private Segment(Path file, long firstSeq) {
            this.file = file;
            this.firstSeq = firstSeq;
        }
    }

    /** Is told of every entry found at opening, oldest first. */
    @FunctionalInterface
    public interface Recovery {
        /** @param line the whole line in its first {@code length} bytes; kept by the journal, to be read only within the call */
        void found(EntryHead head, byte[] line, int length) throws IOException;
    }

    private Journal(Path directory, Clock clock, long segmentBytesMax, Recovery recovery) throws IOException {
        this.directory = directory;
        this.clock = clock;
        this.segmentBytesMax = segmentBytesMax;
        Files.createDirectories(directory);
        recover(recovery);
        if (segments.isEmpty()) {
            segments.add(createSegment(1));
        }
        channel = FileChannel.open(segments.getLast().file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        reserve = new Reserve(directory);
    }

    /** Opens the journal, mends what a crash left, and tells {@code recovery} what is in it. */
    public static Journal open(Path directory, Clock clock, Recovery recovery) throws IOException {
        return open(directory, clock, SEGMENT_BYTES_MAX, recovery);
    }

    static Journal open(Path directory, Clock clock, long segmentBytesMax, Recovery recovery) throws IOException {
        var journal = new Journal(directory, clock, segmentBytesMax, recovery);
        Thread.ofVirtual().name("journal-writer").start(journal::writeAll);
        return journal;
    }

    /**
     * Adds an entry; it is shown to readers as soon as it is on disk. Waits while too much is waiting for the disk.
     *
     * @return its number
     */
    public long append(@Nullable String turn, String kind, JsonNode data) {
        byte[] dataBytes;
        try {
            dataBytes = json.writeValueAsBytes(data);
        } catch (IOException e) {
            throw new IllegalStateException("journal: data that is no JSON", e);
        }
        lock.lock();
        try {
            while (pendingBytes > PENDING_BYTES_MAX && !closed) {
                pendingChanged.awaitUninterruptibly();
            }
            if (closed) {
                throw new IllegalStateException("journal: closed");
            }
            long seq = ++assignedSeq;
            String head = "{\"seq\":" + seq + ",\"time\":\"" + clock.instant() + "\",\"turn\":" + quoted(turn)
                    + ",\"kind\":" + quoted(kind) + ",\"data\":";
            byte[] headBytes = head.getBytes(StandardCharsets.UTF_8);
            byte[] line = new byte[headBytes.length + dataBytes.length + 2];
            System.arraycopy(headBytes, 0, line, 0, headBytes.length);
            System.arraycopy(dataBytes, 0, line, headBytes.length, dataBytes.length);
            line[line.length - 2] = '}';
            line[line.length - 1] = '\n';
            pending.add(line);
            pendingBytes += line.length;
            pendingChanged.signalAll();
            return seq;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #append}, and returns only when the entry is on disk. */
    public long appendDurably(@Nullable String turn, String kind, JsonNode data) {
        long seq = append(turn, kind, data);
        awaitDurable(seq);
        return seq;
    }

    /** Waits until everything up to that number is on disk. */
    private void awaitDurable(long seq) {
        lock.lock();
        try {
            while (durableSeq < seq && !writerDone) {
                durableChanged.awaitUninterruptibly();
            }
            if (durableSeq < seq) {
                throw new IllegalStateException("journal: closed before entry " + seq + " was on disk");
            }
        } finally {
            lock.unlock();
        }
    }

    /** The number of the last entry that readers can see; 0 if there is none. */
    public long lastSeq() {
        lock.lock();
        try {
            return durableSeq;
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing can be written at the moment (a full disk, most likely), or null. */
    public @Nullable String diskError() {
        lock.lock();
        try {
            return diskError;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the disk is full, or so nearly that the journal writes into what it had kept for that. Little can be written then: whoever
     * asks should bring what runs to its end.
     */
    public boolean isShortOfSpace() {
        return !reserve.isHeldOrTaken();
    }

    /**
     * Copies the entries after {@code after} that are on disk now.
     *
     * @return the number of the last one copied
     */
    public long copy(long after, OutputStream out) throws IOException {
        long done = after;
        while (true) {
            Stretch stretch = stretchAfter(done);
            if (stretch == null) {
                return done;
            }
            done = copyStretch(stretch, done, out);
        }
    }

    /**
     * Waits until there is an entry after {@code after}.
     *
     * @return whether there is one; false when the time is over or the journal is closed
     */
    public boolean await(long after, Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long nanos = timeout.toNanos();
            while (durableSeq <= after && !writerDone) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = durableChanged.awaitNanos(nanos);
            }
            return durableSeq > after;
        } finally {
            lock.unlock();
        }
    }

    /** True once nothing can come any more. */
    public boolean isClosed() {
        lock.lock();
        try {
            return writerDone;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is waiting, then closes. Waits 3 s at most: a disk that takes longer will not take it at all. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            pendingChanged.signalAll();
            long nanos = TimeUnit.SECONDS.toNanos(3);
            while (!writerDone && nanos > 0) {
                nanos = durableChanged.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    // ---- writing ----

    private void writeAll() {
        try {
            while (true) {
                ArrayDeque<byte[]> batch = takePending();
                if (batch.isEmpty()) {
                    channel.close();
                    return;
                }
                writeUntilDone(batch);
            }
        } catch (IOException | RuntimeException e) {
            Log.warn("journal writer failed", "error", e);
        } finally {
            lock.lock();
            try {
                closed = true;
                writerDone = true;
                durableChanged.signalAll();
                pendingChanged.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** @return an empty batch when closed and nothing is left */
    private ArrayDeque<byte[]> takePending() {
        lock.lock();
        try {
            while (pending.isEmpty() && !closed) {
                pendingChanged.awaitUninterruptibly();
            }
            ArrayDeque<byte[]> batch = pending;
            pending = new ArrayDeque<>();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void writeUntilDone(ArrayDeque<byte[]> batch) throws IOException {
        while (!batch.isEmpty()) {
            Segment segment = lastSegment();
            long start = segment.durableBytes;
            List<Mark> newMarks = new ArrayList<>();
            int entries = 0;
            long bytes = 0;
            for (byte[] line : batch) {
                if (start + bytes >= segmentBytesMax && entries > 0) {
                    break;
                }
                if ((durableSeqOfWriter + entries) % MARK_EVERY == 0) {
                    newMarks.add(new Mark(durableSeqOfWriter + entries + 1, segmentCount() - 1, start + bytes));
                }
                entries++;
                bytes += line.length;
            }
            try {
                writeAndSync(batch, entries);
            } catch (IOException e) {
                remember(e.getMessage());
                channel.truncate(start);
                reserve.giveUp();
                if (isClosing()) {
                    throw e;
                }
                pause();
                continue;
            }
            for (int i = 0; i < entries; i++) {
                batch.removeFirst();
            }
            durableSeqOfWriter += entries;
            publish(segment, bytes, newMarks);
            if (start + bytes >= segmentBytesMax) {
                startSegment();
            }
        }
    }

    /** The writer's own copy of {@link #durableSeq}. */
    private long durableSeqOfWriter;

    private void writeAndSync(ArrayDeque<byte[]> batch, int entries) throws IOException {
        int n = 0;
        for (byte[] line : batch) {
            if (n++ == entries) {
                break;
            }
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                // In slices: the JDK copies a heap buffer into native memory of the same size, which it then keeps.
                int slice = Math.min(buffer.remaining(), 64 * 1024);
                channel.write(buffer.slice(buffer.position(), slice));
                buffer.position(buffer.position() + slice);
            }
        }
        channel.force(false);
    }

    private void publish(Segment segment, long bytes, List<Mark> newMarks) {
        lock.lock();
        try {
            segment.durableBytes += bytes;
            marks.addAll(newMarks);
            durableSeq = durableSeqOfWriter;
            pendingBytes -= (int) bytes;
            diskError = null;
            durableChanged.signalAll();
            pendingChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void startSegment() throws IOException {
        channel.close();
        Segment segment = createSegment(durableSeqOfWriter + 1);
        channel = FileChannel.open(segment.file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        lock.lock();
        try {
            segments.add(segment);
        } finally {
            lock.unlock();
        }
    }

    private Segment createSegment(long firstSeq) throws IOException {
        Path file = directory.resolve("%020d.ndjson".formatted(firstSeq));
        Files.deleteIfExists(file);
        Files.createFile(file);
        // The name itself has to survive a crash, too.
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
        return new Segment(file, firstSeq);
    }

    private void remember(@Nullable String error) {
        lock.lock();
        try {
            if (diskError == null) {
                Log.warn("journal cannot be written", "error", error);
            }
            diskError = error == null ? "unknown" : error;
        } finally {
            lock.unlock();
        }
    }

    private Segment lastSegment() {
        lock.lock();
        try {
            return segments.getLast();
        } finally {
            lock.unlock();
        }
    }

    private int segmentCount() {
        lock.lock();
        try {
            return segments.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private String quoted(@Nullable String text) {
        try {
            return json.writeValueAsString(text);
        } catch (IOException e) {
            throw new IllegalStateException("journal: text that is no JSON", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_AFTER_DISK_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- reading ----

    /** A piece of one file that holds whole lines, the first of them with number {@code firstSeq}. */
    private record Stretch(Path file, long firstSeq, long from, long to) {}

    private @Nullable Stretch stretchAfter(long after) {
        lock.lock();
        try {
            if (durableSeq <= after) {
                return null;
            }
            int index = segments.size() - 1;
            while (index > 0 && segments.get(index).firstSeq > after + 1) {
                index--;
            }
            Segment segment = segments.get(index);
            long seq = segment.firstSeq;
            long offset = 0;
            Mark mark = markAtOrBefore(after + 1);
            if (mark != null && mark.segment == index) {
                seq = mark.seq;
                offset = mark.offset;
            }
            return new Stretch(segment.file, seq, offset, segment.durableBytes);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Mark markAtOrBefore(long seq) {
        int low = 0;
        int high = marks.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (marks.get(middle).seq <= seq) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? null : marks.get(high);
    }

    /** Copies the lines after {@code after}, and returns the number of the stretch's last line. */
    private static long copyStretch(Stretch stretch, long after, OutputStream out) throws IOException {
        long seq = stretch.firstSeq;
        long left = stretch.to - stretch.from;
        byte[] buffer = new byte[32 * 1024];
        try (InputStream in = Files.newInputStream(stretch.file)) {
            in.skipNBytes(stretch.from);
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException("journal: " + stretch.file.getFileName() + " is shorter than it was");
                }
                left -= count;
                int start = 0;
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == '\n') {
                        if (seq <= after) {
                            start = i + 1;
                        }
                        seq++;
                    }
                }
                if (seq > after) {
                    out.write(buffer, start, count - start);
                }
            }
        }
        return seq - 1;
    }

    // ---- recovery ----

    private void recover(Recovery recovery) throws IOException {
        List<Path> files;
        try (var all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().matches("\\d{20}\\.ndjson"))
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            long firstSeq = Long.parseLong(file.getFileName().toString().substring(0, 20));
            if (firstSeq != durableSeqOfWriter + 1) {
                // Only what follows a damaged segment can be without connection, and it cannot have been shown.
                Log.warn("journal segment without connection is set aside", "file", file.getFileName());
                Files.move(file, file.resolveSibling(file.getFileName() + ".orphan"));
                continue;
            }
            var segment = new Segment(file, firstSeq);
            segments.add(segment);
            recoverSegment(segment, recovery);
        }
        assignedSeq = durableSeqOfWriter;
        durableSeq = durableSeqOfWriter;
    }

    private void recoverSegment(Segment segment, Recovery recovery) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(segment.file), 64 * 1024)) {
            var line = new LineBuffer();
            int next;
            while ((next = in.read()) >= 0) {
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                EntryHead head;
                try {
                    head = EntryHead.parse(line.bytes(), line.size());
                } catch (IOException e) {
                    break;
                }
                if (head.seq() != durableSeqOfWriter + 1) {
                    break;
                }
                recovery.found(head, line.bytes(), line.size());
                if (durableSeqOfWriter % MARK_EVERY == 0) {
                    marks.add(new Mark(head.seq(), segments.size() - 1, segment.durableBytes));
                }
                durableSeqOfWriter++;
                segment.durableBytes += line.size() + 1L;
                line.reset();
            }
        }
        long excess = Files.size(segment.file) - segment.durableBytes;
        if (excess > 0) {
            Log.warn("journal is cut after its last whole line", "bytesCut", excess);
            try (FileChannel file = FileChannel.open(segment.file, StandardOpenOption.WRITE)) {
                file.truncate(segment.durableBytes);
                file.force(true);
            }
        }
    }

    /** Gives its bytes away without a copy. */
    private static final class LineBuffer extends ByteArrayOutputStream {
        private byte[] bytes() {
            return buf;
        }
    }
}
