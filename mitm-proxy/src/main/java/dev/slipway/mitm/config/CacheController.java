package dev.slipway.mitm.config;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.mitm.cache.BlobStore;
import dev.slipway.mitm.settings.BlobCache;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The operator's view of the cache. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/cache")
final class CacheController {
    private final BlobCache cache;

    CacheController(BlobCache cache) {
        this.cache = cache;
    }

    @Get("/stats")
    CacheView stats(Caller caller) {
        caller.require(Role.SYSTEM);
        return cache.store()
                .map(store -> CacheView.of(store.stats()))
                .orElseGet(() -> CacheView.of(new BlobStore.Stats(0, 0, 0, 0, 0, 0, 0)));
    }

    @Delete
    @Status(HttpStatus.NO_CONTENT)
    void clear(Caller caller) {
        caller.require(Role.SYSTEM);
        cache.store().ifPresent(BlobStore::clear);
    }
}
