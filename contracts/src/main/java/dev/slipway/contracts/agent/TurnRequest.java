package dev.slipway.contracts.agent;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A turn to be run: ACP content blocks as JSON. The same {@code turnId} again changes nothing.
 */
@Serdeable
public record TurnRequest(
        String turnId,
        List<Map<String, Object>> prompt,
        @Nullable String model,
        @Nullable String mode) {}
