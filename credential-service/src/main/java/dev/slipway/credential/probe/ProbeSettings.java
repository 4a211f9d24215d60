package dev.slipway.credential.probe;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How credentials are tried.
 *
 * @param hosts hosts beyond the catalogue's own that may be called, comma separated
 * @param upstreams {@code host=url}, comma separated: where calls for a host go instead, as at the proxy
 * @param trustedCaFile PEM file of further roots to trust; empty for none
 * @param deadline for one call
 */
@ConfigurationProperties("slipway.credential.probe")
record ProbeSettings(
        @Bindable(defaultValue = "") String hosts,
        @Bindable(defaultValue = "") String upstreams,
        @Bindable(defaultValue = "") String trustedCaFile,
        @Bindable(defaultValue = "10s") Duration deadline) {}
