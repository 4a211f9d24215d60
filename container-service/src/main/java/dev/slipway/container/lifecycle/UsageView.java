package dev.slipway.container.lifecycle;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox was seen to use, at most about a minute ago while it runs.
 *
 * @param diskBytes null where its disk cannot be measured
 */
@Serdeable
record UsageView(
        double cpuSeconds, long memoryBytes, @Nullable Long diskBytes, Instant at) {}
