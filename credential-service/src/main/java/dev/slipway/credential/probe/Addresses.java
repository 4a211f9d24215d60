package dev.slipway.credential.probe;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Target;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which hosts may be called, and where each is. */
@Singleton
final class Addresses {
    private final Set<String> allowed = new HashSet<>();
    private final Map<String, URI> elsewhere = new HashMap<>();

    Addresses(ProbeSettings settings) {
        Arrays.stream(Provider.values())
                .filter(provider -> provider.probePath().isPresent())
                .flatMap(provider -> provider.points(AuthType.API_KEY, Target.NONE).stream())
                .map(InjectionPoint::host)
                .forEach(allowed::add);
        for (String host : settings.hosts().split(",")) {
            if (!host.isBlank()) {
                allowed.add(host.strip().toLowerCase(Locale.ROOT));
            }
        }
        for (String entry : settings.upstreams().split(",")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                elsewhere.put(
                        entry.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        URI.create(entry.substring(equals + 1).strip()));
            }
        }
    }

    /** The address of a path on a host; empty if that host may not be called. */
    Optional<URI> of(String host, String path) {
        if (!allowed.contains(host)) {
            return Optional.empty();
        }
        URI base = elsewhere.getOrDefault(host, URI.create("https://" + host));
        return Optional.of(URI.create("%s://%s%s".formatted(base.getScheme(), base.getAuthority(), path)));
    }
}
