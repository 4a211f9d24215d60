package dev.slipway.gateway.login;

import io.micronaut.context.BeanContext;
import io.micronaut.security.oauth2.client.DefaultOauthClient;
import io.micronaut.security.oauth2.client.DefaultOpenIdClient;
import io.micronaut.security.oauth2.client.OauthClient;
import io.micronaut.security.oauth2.client.OpenIdProviderMetadata;
import io.micronaut.security.oauth2.endpoint.authorization.request.AuthorizationRedirectHandler;
import io.micronaut.security.oauth2.endpoint.authorization.response.OauthAuthorizationResponseHandler;
import io.micronaut.security.oauth2.endpoint.authorization.response.OpenIdAuthorizationResponseHandler;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The providers that are configured, as clients of the protocol. They are made by hand and not as the library's beans: those would
 * ask every provider at start, trust every provider's keys for every other's tokens, and open routes beside our own.
 */
@Singleton
public class Providers {
    private final Map<String, ProviderSettings> settings;
    private final Discovery discovery;
    private final BeanContext beans;
    private final AuthorizationRedirectHandler redirects;
    private final OpenIdAuthorizationResponseHandler openIdResponses;
    private final OauthAuthorizationResponseHandler oauthResponses;
    private final OpenIdClaimsMapper openIdMapper;
    private final GitHubAccounts gitHub;

    Providers(
            List<ProviderSettings> settings,
            Discovery discovery,
            BeanContext beans,
            AuthorizationRedirectHandler redirects,
            OpenIdAuthorizationResponseHandler openIdResponses,
            OauthAuthorizationResponseHandler oauthResponses,
            OpenIdClaimsMapper openIdMapper,
            GitHubAccounts gitHub) {
        this.settings = settings.stream()
                .filter(ProviderSettings::isOn)
                .collect(Collectors.toUnmodifiableMap(ProviderSettings::name, Function.identity()));
        this.discovery = discovery;
        this.beans = beans;
        this.redirects = redirects;
        this.openIdResponses = openIdResponses;
        this.oauthResponses = oauthResponses;
        this.openIdMapper = openIdMapper;
        this.gitHub = gitHub;
    }

    /** The names of the providers that users may log in by, in alphabetical order. */
    public List<String> names() {
        return settings.keySet().stream().sorted().toList();
    }

    /** The client of a provider; empty if there is none of that name. Asks an OpenID Provider about itself if need be. */
    Optional<OauthClient> client(String name) {
        return Optional.ofNullable(settings.get(name))
                .map(provider -> provider.isOpenId() ? openIdClient(provider) : oauthClient(provider));
    }

    private OauthClient openIdClient(ProviderSettings provider) {
        OpenIdProviderMetadata metadata = discovery.of(new ProviderIssuer(provider), provider.issuer());
        return new DefaultOpenIdClient(
                new ProviderClient(provider), () -> metadata, openIdMapper, redirects, openIdResponses, beans, null);
    }

    private OauthClient oauthClient(ProviderSettings provider) {
        return new DefaultOauthClient(
                gitHub.at(provider), new ProviderClient(provider), redirects, oauthResponses, beans);
    }
}
