package dev.slipway.credential.probe;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;
import java.util.Locale;

/**
 * Where credentials are tried.
 *
 * @param hosts hosts beyond the catalogue's own that may be called
 */
@ConfigurationProperties("slipway.credential.probe")
record ProbeSettings(@Bindable(defaultValue = "") List<String> hosts) {
    ProbeSettings {
        hosts = hosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
    }
}
