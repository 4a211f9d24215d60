package dev.slipway.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Token buckets, one for each subject: a request takes a token, tokens come back at an even rate, and no more than a burst of them
 * gather. At most 100,000 subjects are remembered; who is forgotten, least used first, has a full bucket again.
 */
final class Buckets {
    private static final int SUBJECTS_MAX = 100_000;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private final Cache<String, Bucket> buckets;

    /** A rate of zero lets everyone pass. */
    Buckets(double perSecond, double burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(SUBJECTS_MAX)
                .expireAfterAccess(Duration.ofHours(1))
                .build();
    }

    private static final class Bucket {
        private double tokens;
        private long filled;

        Bucket(double tokens, long filled) {
            this.tokens = tokens;
            this.filled = filled;
        }
    }

    /** Takes a token; else answers how long it is until there is one. */
    Optional<Duration> take(String subject) {
        if (perSecond <= 0) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.get(subject, _ -> new Bucket(burst, now));
        synchronized (bucket) {
            double passed = Math.max(0, now - bucket.filled) / NANOS;
            bucket.tokens = Math.min(burst, bucket.tokens + passed * perSecond);
            bucket.filled = now;
            if (bucket.tokens >= 1) {
                bucket.tokens -= 1;
                return Optional.empty();
            }
            double wait = (1 - bucket.tokens) / perSecond;
            return Optional.of(Duration.ofNanos((long) (wait * NANOS)));
        }
    }
}
