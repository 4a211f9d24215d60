package dev.slipway.gateway.door;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may come from where ({@code slipway.edge}).
 *
 * @param corsOrigins further origins whose pages may call, with a comma between; {@code scheme://host[:port]}
 * @param trustedProxies addresses and networks of reverse proxies whose word on a client's address counts, with a comma between
 * @param publicUrl where browsers find this Slipway, for addresses that go out of it; blank for what a request's Host says
 * @param hosts names that the {@code Host} header may have, with a comma between; loopback names always may when login is off
 */
@ConfigurationProperties("slipway.edge")
public record EdgeSettings(
        @Bindable(defaultValue = "") String corsOrigins,
        @Bindable(defaultValue = "") String hosts,
        @Bindable(defaultValue = "") String trustedProxies,
        @Bindable(defaultValue = "") String publicUrl) {
    /** Checks the origins. */
    public EdgeSettings {
        for (String origin : split(corsOrigins)) {
            if (!origin.matches("https?://[^/*]+")) {
                throw new IllegalArgumentException(
                        "CORS_ORIGINS: " + origin + " (expected: scheme://host[:port], with a comma between two)");
            }
        }
    }

    Set<String> proxies() {
        return split(trustedProxies);
    }

    Set<String> origins() {
        return split(corsOrigins);
    }

    Set<String> hostNames() {
        return split(hosts);
    }

    private static Set<String> split(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
