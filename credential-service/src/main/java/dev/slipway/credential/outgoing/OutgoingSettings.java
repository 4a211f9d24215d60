package dev.slipway.credential.outgoing;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * How providers are called.
 *
 * @param upstreams {@code host=url}: where calls for a host go instead, as at the proxy; such a target may be private and plain HTTP
 * @param privateHosts hosts that may have private addresses
 * @param trustedCaFile PEM file of further roots to trust; empty for none
 * @param deadline for one call, from its beginning to its last byte
 */
@ConfigurationProperties("slipway.credential.outgoing")
record OutgoingSettings(
        @Bindable(defaultValue = "") List<String> upstreams,
        @Bindable(defaultValue = "") List<String> privateHosts,
        @Bindable(defaultValue = "") String trustedCaFile,
        @Bindable(defaultValue = "10s") Duration deadline) {
    OutgoingSettings {
        upstreams = upstreams.stream()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
        privateHosts = privateHosts.stream()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }
}
