package dev.slipway.mitm.config;

import dev.slipway.mitm.cache.BlobStore;
import io.micronaut.serde.annotation.Serdeable;

/**
 * What the cache holds, and what became of questions since the start of the process.
 *
 * @param rejected bodies that were not what their digest says
 */
@Serdeable
record CacheView(long entries, long bytes, long bytesMax, long hits, long misses, long evicted, long rejected) {
    static CacheView of(BlobStore.Stats stats) {
        return new CacheView(
                stats.entries(),
                stats.bytes(),
                stats.bytesMax(),
                stats.hits(),
                stats.misses(),
                stats.evicted(),
                stats.rejected());
    }
}
