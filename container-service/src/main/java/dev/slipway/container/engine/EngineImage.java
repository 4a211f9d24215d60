package dev.slipway.container.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * An image that sandboxes may run.
 *
 * @param message what to do if it is not present
 */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record EngineImage(
        String name,
        boolean present,
        @Nullable String digest,
        @Nullable String message) {}
