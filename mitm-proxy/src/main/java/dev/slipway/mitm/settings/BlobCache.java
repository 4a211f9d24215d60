package dev.slipway.mitm.settings;

import dev.slipway.mitm.cache.BlobStore;
import java.util.Optional;

/** The store of bodies that never change, unless the operator wants none. */
public record BlobCache(Optional<BlobStore> store) {}
