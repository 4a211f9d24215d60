package dev.slipway.gateway.login;

import io.micronaut.security.oauth2.configuration.OauthClientConfigurationProperties.OpenIdClientConfigurationProperties.EndSessionConfigurationProperties;
import io.micronaut.security.oauth2.configuration.OpenIdClientConfiguration;
import io.micronaut.security.oauth2.configuration.endpoints.AuthorizationEndpointConfiguration;
import io.micronaut.security.oauth2.configuration.endpoints.EndSessionEndpointConfiguration;
import io.micronaut.security.oauth2.configuration.endpoints.EndpointConfiguration;
import io.micronaut.security.oauth2.configuration.endpoints.TokenEndpointConfiguration;
import java.net.URL;
import java.util.Optional;

/** An OpenID Provider by its issuer alone; the rest it tells about itself. */
record ProviderIssuer(ProviderSettings settings) implements OpenIdClientConfiguration {
    @Override
    public String getName() {
        return settings.name();
    }

    @Override
    public Optional<URL> getIssuer() {
        return Optional.of(settings.issuerUrl());
    }

    @Override
    public String getConfigurationPath() {
        return "/.well-known/openid-configuration";
    }

    @Override
    public Optional<String> getJwksUri() {
        return Optional.empty();
    }

    @Override
    public Optional<EndpointConfiguration> getRegistration() {
        return Optional.empty();
    }

    @Override
    public Optional<EndpointConfiguration> getUserInfo() {
        return Optional.empty();
    }

    @Override
    public Optional<AuthorizationEndpointConfiguration> getAuthorization() {
        return Optional.empty();
    }

    @Override
    public Optional<TokenEndpointConfiguration> getToken() {
        return Optional.empty();
    }

    @Override
    public EndSessionEndpointConfiguration getEndSession() {
        EndSessionConfigurationProperties none = new EndSessionConfigurationProperties();
        none.setEnabled(false);
        return none;
    }
}
