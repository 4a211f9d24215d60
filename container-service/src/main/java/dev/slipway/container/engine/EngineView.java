package dev.slipway.container.engine;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine and the images that sandboxes need, for {@code /api/status}.
 *
 * @param kind {@code docker}, {@code podman} or {@code none}
 * @param message what to do when there is none
 */
@Serdeable
record EngineView(
        String kind, @Nullable String version, @Nullable String message, List<Image> images) {
    /** An image; {@code message} says what to do when it is not present. */
    @Serdeable
    record Image(
            String name,
            boolean present,
            @Nullable String digest,
            @Nullable String message) {}
}
