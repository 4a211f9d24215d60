package dev.slipway.gateway.door;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was found out a moment ago. Bounded: when it is full it is emptied, which costs no more than asking again. */
final class Recent<K, V> {
    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Map<K, CompletableFuture<Optional<V>>> asking = new ConcurrentHashMap<>();
    private final AtomicLong clearings = new AtomicLong();
    private final long nanos;
    private final int sizeMax;
    private final LongSupplier clock;

    private record Entry<V>(V value, long untilNanos, AtomicBoolean renewing) {}

    Recent(Duration lifetime, int sizeMax) {
        this(lifetime, sizeMax, System::nanoTime);
    }

    /** One for which time passes as told, as by {@link System#nanoTime}. */
    Recent(Duration lifetime, int sizeMax, LongSupplier clock) {
        this.nanos = lifetime.toNanos();
        this.sizeMax = sizeMax;
        this.clock = clock;
    }

    @Nullable
    V get(K key) {
        Entry<V> entry = entries.get(key);
        return entry == null || clock.getAsLong() - entry.untilNanos() > 0 ? null : entry.value();
    }

    /**
     * As {@link #get}, and there long enough that it can be asked for again at once; null where that is not sure. What is halfway
     * through its life is asked for anew meanwhile, once, so that who comes all the time need never wait for it.
     */
    @Nullable
    V getAndRenew(K key, Executor executor, Supplier<Optional<V>> question) {
        Entry<V> entry = entries.get(key);
        long left = entry == null ? 0 : entry.untilNanos() - clock.getAsLong();
        if (entry == null || left < nanos / 20) {
            return null;
        }
        if (left < nanos / 2 && entry.renewing().compareAndSet(false, true)) {
            executor.execute(() -> renew(key, question));
        }
        return entry.value();
    }

    private void renew(K key, Supplier<Optional<V>> question) {
        long asOf = clearings.get();
        Optional<V> found;
        try {
            found = question.get();
        } catch (RuntimeException _) {
            // What is known ends at its time; who asks then is told.
            return;
        }
        keep(key, found, asOf);
    }

    /** Keeps what was found out, unless it was asked before the last {@link #clear}. */
    private void keep(K key, Optional<V> found, long asOf) {
        found.ifPresentOrElse(value -> put(key, value), () -> entries.remove(key));
        // Looked at after it was put, so that a clear in between is never missed.
        if (clearings.get() != asOf) {
            entries.remove(key);
        }
    }

    void put(K key, V value) {
        if (entries.size() >= sizeMax) {
            entries.clear();
        }
        entries.put(key, new Entry<>(value, clock.getAsLong() + nanos, new AtomicBoolean()));
    }

    /**
     * What is known, or else what the question brings. Of those who want to know the same thing at the same time one asks, and
     * the others wait for its answer. What was asked before a {@link #clear} is not kept after it. Blocks.
     */
    Optional<V> getOrAsk(K key, Supplier<Optional<V>> question) {
        V known = get(key);
        if (known != null) {
            return Optional.of(known);
        }
        CompletableFuture<Optional<V>> answer = new CompletableFuture<>();
        CompletableFuture<Optional<V>> another = asking.putIfAbsent(key, answer);
        return another == null ? ask(key, question, answer) : await(another);
    }

    private Optional<V> ask(K key, Supplier<Optional<V>> question, CompletableFuture<Optional<V>> answer) {
        long asOf = clearings.get();
        try {
            Optional<V> found = question.get();
            keep(key, found, asOf);
            answer.complete(found);
            return found;
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
            throw e;
        } finally {
            asking.remove(key, answer);
        }
    }

    private static <V> Optional<V> await(CompletableFuture<Optional<V>> another) {
        try {
            return another.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    void clear() {
        clearings.incrementAndGet();
        entries.clear();
        asking.clear();
    }
}
