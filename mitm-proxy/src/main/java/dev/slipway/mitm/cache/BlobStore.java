package dev.slipway.mitm.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the cache. A file gets its name only when its body is whole, verified and on the disk, so the folder itself is the index
 * and a killed process leaves nothing but {@code partial} files, which the next one removes. The least recently used go first when there are
 * more bytes than allowed, or more than 100,000 bodies. Safe for all threads.
 */
public final class BlobStore {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    /** However small they are: each takes some 200 bytes of the heap. */
    private static final int ENTRIES_MAX = 100_000;

    private final Path blobs;
    private final Path partial;
    private final long bytesMaxAtStart;
    private volatile long bytesMax;
    private final Executor disk;
    /** Sizes by key, the least recently used first. */
    private final Map<String, Long> index = new LinkedHashMap<>(64, 0.75f, true);

    private final Map<String, Fill> filling = new LinkedHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private long bytes;

    /**
     * What is in the store, and what became of questions since the start of the process.
     *
     * @param rejected bodies that were not what their digest says
     */
    public record Stats(long entries, long bytes, long bytesMax, long hits, long misses, long evicted, long rejected) {}

    private final LongAdder rejected = new LongAdder();

    /**
     * A store in this folder, which is made if need be; {@code disk} runs what waits for the disk.
     *
     * @throws UncheckedIOException if the folder cannot be read or written
     */
    public BlobStore(Path folder, long bytesMax, Executor disk) {
        this.blobs = folder.resolve("blobs");
        this.partial = folder.resolve("partial");
        this.bytesMaxAtStart = bytesMax;
        this.bytesMax = bytesMax;
        this.disk = disk;
        try {
            Files.createDirectories(blobs);
            Files.createDirectories(partial);
            try (Stream<Path> left = Files.list(partial)) {
                left.forEach(BlobStore::delete);
            }
            load();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
        }
    }

    private void load() throws IOException {
        record Found(String key, long size, FileTime used) {}
        List<Found> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(blobs)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = String.valueOf(file.getFileName());
                if (NAME.matcher(name).matches() && Files.isRegularFile(file)) {
                    found.add(new Found(name, Files.size(file), Files.getLastModifiedTime(file)));
                }
            }
        }
        found.sort(java.util.Comparator.comparing(Found::used));
        for (Found one : found) {
            index.put(one.key, one.size);
            bytes += one.size;
        }
        evict();
    }

    /** The stored body, open; empty if there is none, or none that is whole. */
    public Optional<Blob> find(Cacheable wanted) {
        synchronized (this) {
            if (index.get(wanted.key()) == null) {
                misses.increment();
                return Optional.empty();
            }
        }
        Path file = blobs.resolve(wanted.key());
        try {
            Blob blob = Blob.open(file);
            hits.increment();
            disk.execute(() -> touch(file));
            return Optional.of(blob);
        } catch (IOException gone) {
            forget(wanted.key());
            misses.increment();
            return Optional.empty();
        }
    }

    /**
     * Takes the lead in fetching a body, or waits for who has it.
     *
     * @param whenOver runs, on any thread, once the leader is done, whatever came of it; only if there is one
     * @return the fill to do, or null if another one is at it
     */
    public synchronized @Nullable Fill lead(Cacheable wanted, Runnable whenOver) {
        Fill present = filling.get(wanted.key());
        if (present != null) {
            present.waiters.add(whenOver);
            return null;
        }
        Fill mine = new Fill(this, wanted, partial.resolve(UUID.randomUUID().toString()));
        filling.put(wanted.key(), mine);
        return mine;
    }

    /** Makes a written file the body of its key, after it is on the disk. */
    void commit(Fill fill, Path written, long size) {
        disk.execute(() -> {
            try {
                fill.sync();
                Files.move(written, blobs.resolve(fill.wanted.key()), StandardCopyOption.ATOMIC_MOVE);
                synchronized (this) {
                    Long before = index.put(fill.wanted.key(), size);
                    bytes += size - (before == null ? 0 : before);
                }
                evict();
            } catch (IOException unwritable) {
                delete(written);
            } finally {
                over(fill);
            }
        });
    }

    void discard(Fill fill, Path written, boolean bad) {
        if (bad) {
            rejected.increment();
        }
        disk.execute(() -> delete(written));
        over(fill);
    }

    private void over(Fill fill) {
        List<Runnable> waiting;
        synchronized (this) {
            filling.remove(fill.wanted.key(), fill);
            waiting = List.copyOf(fill.waiters);
        }
        waiting.forEach(Runnable::run);
    }

    /** Whether a body of this size may be stored at all. */
    boolean fits(long size) {
        return size <= bytesMax / 2;
    }

    /** Holds no more than this from now on, or as at the start where nothing is said. */
    public void limit(OptionalLong wanted) {
        long changed = wanted.orElse(bytesMaxAtStart);
        if (changed != bytesMax) {
            bytesMax = changed;
            disk.execute(this::evict);
        }
    }

    /** Removes everything that is stored. */
    public synchronized void clear() {
        List.copyOf(index.keySet()).forEach(this::forget);
    }

    /** What there is. */
    public synchronized Stats stats() {
        return new Stats(index.size(), bytes, bytesMax, hits.sum(), misses.sum(), evicted.sum(), rejected.sum());
    }

    private synchronized void forget(String key) {
        Long size = index.remove(key);
        bytes -= size == null ? 0 : size;
        delete(blobs.resolve(key));
    }

    /** Waits for the disk, and lets nobody else wait for it. */
    private void evict() {
        List<Path> gone = new ArrayList<>();
        synchronized (this) {
            Iterator<Map.Entry<String, Long>> eldest = index.entrySet().iterator();
            while ((bytes > bytesMax || index.size() > ENTRIES_MAX) && eldest.hasNext()) {
                Map.Entry<String, Long> one = eldest.next();
                bytes -= one.getValue();
                gone.add(blobs.resolve(one.getKey()));
                eldest.remove();
                evicted.increment();
            }
        }
        gone.forEach(BlobStore::delete);
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
        } catch (IOException gone) {
            // Evicted meanwhile: its time does not matter any more.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }
}
