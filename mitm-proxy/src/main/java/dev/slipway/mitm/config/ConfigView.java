package dev.slipway.mitm.config;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force.
 *
 * @param problem what is wrong with the file, where that is why another one is in force
 */
@Serdeable
record ConfigView(ProxyConfig config, String file, @Nullable String problem) {}
