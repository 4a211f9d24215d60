package dev.slipway.gateway.door;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What was found out a moment ago. Bounded: when it is full it is emptied, which costs no more than asking again. */
final class Recent<K, V> {
    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final long nanos;
    private final int sizeMax;

    private record Entry<V>(V value, long untilNanos) {}

    Recent(Duration lifetime, int sizeMax) {
        this.nanos = lifetime.toNanos();
        this.sizeMax = sizeMax;
    }

    @Nullable
    V get(K key) {
        return get(key, 0);
    }

    /** As {@link #get}, and there long enough that it can be asked for again at once. */
    @Nullable
    V getForAWhile(K key) {
        return get(key, nanos / 20);
    }

    private @Nullable V get(K key, long leftNanosMin) {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (System.nanoTime() - entry.untilNanos() > -leftNanosMin) {
            entries.remove(key, entry);
            return null;
        }
        return entry.value();
    }

    void put(K key, V value) {
        if (entries.size() >= sizeMax) {
            entries.clear();
        }
        entries.put(key, new Entry<>(value, System.nanoTime() + nanos));
    }

    void clear() {
        entries.clear();
    }
}
