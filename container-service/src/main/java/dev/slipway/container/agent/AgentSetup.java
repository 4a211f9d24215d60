package dev.slipway.container.agent;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * How far the repository's setup hooks are.
 *
 * @param settled all have run, well or not
 * @param running the name of the one that runs
 * @param lastLine what it said last
 */
@Serdeable
public record AgentSetup(
        boolean settled, @Nullable String running, @Nullable String lastLine) {}
