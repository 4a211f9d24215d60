package dev.slipway.gateway.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.security.oauth2.client.DefaultOpenIdProviderMetadata;
import io.micronaut.security.oauth2.client.DefaultOpenIdProviderMetadataFetcher;
import io.micronaut.security.oauth2.client.OpenIdProviderMetadata;
import io.micronaut.security.oauth2.configuration.OpenIdClientConfiguration;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What OpenID Providers tell about themselves, asked when it is needed and again after an hour: a provider that is away stops
 * nobody's start, and one that moved is found again. Calls end after 10 s.
 */
@Singleton
class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final int PROVIDERS_MAX = 100;

    private final HttpClient http;
    private final Cache<String, OpenIdProviderMetadata> known = Caffeine.newBuilder()
            .maximumSize(PROVIDERS_MAX)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    Discovery(@Client HttpClient http) {
        this.http = http;
    }

    OpenIdProviderMetadata of(OpenIdClientConfiguration provider, String issuer) {
        return known.get(provider.getName(), _ -> fetch(provider, issuer));
    }

    private OpenIdProviderMetadata fetch(OpenIdClientConfiguration provider, String issuer) {
        DefaultOpenIdProviderMetadata found;
        try {
            found = new DefaultOpenIdProviderMetadataFetcher(provider, http).fetch();
        } catch (HttpClientException | BeanContextException e) {
            LOG.atWarn()
                    .addKeyValue("provider", provider.getName())
                    .addKeyValue("reason", e.toString())
                    .log("login provider does not tell about itself");
            throw LoginRefusals.providerAway(provider.getName());
        }
        // OpenID Connect Discovery 1.0, section 4.3: else one provider could speak for another.
        if (!issuer.equals(found.getIssuer())) {
            LOG.atWarn()
                    .addKeyValue("provider", provider.getName())
                    .addKeyValue("expected", issuer)
                    .addKeyValue("found", found.getIssuer())
                    .log("login provider says it is another one");
            throw LoginRefusals.providerAway(provider.getName());
        }
        return found;
    }
}
