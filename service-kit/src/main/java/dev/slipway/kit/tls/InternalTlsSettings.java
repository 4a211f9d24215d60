package dev.slipway.kit.tls;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS between the services ({@code slipway.internal.tls}), all three files in PEM.
 *
 * @param enabled whether it is spoken; off by default
 * @param certificate this service's certificate, then those between it and the authority's; it is for server and client
 * @param key its private key, PKCS #8
 * @param authorities whose certificates are believed; of this installation alone
 */
@ConfigurationProperties("slipway.internal.tls")
record InternalTlsSettings(
        @Bindable(defaultValue = "false") boolean enabled,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path authorities) {
    Path certificateFile() {
        return given(certificate, "certificate");
    }

    Path keyFile() {
        return given(key, "key");
    }

    Path authoritiesFile() {
        return given(authorities, "authorities");
    }

    private static Path given(@Nullable Path file, String name) {
        if (file == null) {
            throw new IllegalStateException("slipway.internal.tls." + name
                    + ": not set (expected with slipway.internal.tls.enabled: the path of a PEM file)");
        }
        return file;
    }
}
