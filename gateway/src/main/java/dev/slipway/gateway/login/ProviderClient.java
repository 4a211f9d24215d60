package dev.slipway.gateway.login;

import io.micronaut.security.oauth2.client.clientcredentials.ClientCredentialsConfiguration;
import io.micronaut.security.oauth2.configuration.OauthClientConfiguration;
import io.micronaut.security.oauth2.configuration.OauthClientConfigurationProperties.AuthorizationEndpointConfigurationProperties;
import io.micronaut.security.oauth2.configuration.OauthClientConfigurationProperties.TokenEndpointConfigurationProperties;
import io.micronaut.security.oauth2.configuration.OpenIdClientConfiguration;
import io.micronaut.security.oauth2.configuration.endpoints.OauthAuthorizationEndpointConfiguration;
import io.micronaut.security.oauth2.configuration.endpoints.SecureEndpointConfiguration;
import io.micronaut.security.oauth2.endpoint.AuthenticationMethods;
import io.micronaut.security.oauth2.grants.GrantType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's settings as the protocol library reads them. */
record ProviderClient(ProviderSettings settings) implements OauthClientConfiguration {
    private static final List<String> OPENID_SCOPES = List.of("openid", "email", "profile");
    private static final List<String> GITHUB_SCOPES = List.of("read:user", "user:email");

    @Override
    public String getName() {
        return settings.name();
    }

    @Override
    public String getClientId() {
        return settings.clientId();
    }

    @Override
    public @Nullable String getClientSecret() {
        return settings.secret();
    }

    @Override
    public List<String> getScopes() {
        return settings.isOpenId() ? OPENID_SCOPES : GITHUB_SCOPES;
    }

    @Override
    public GrantType getGrantType() {
        return GrantType.AUTHORIZATION_CODE;
    }

    @Override
    public Optional<SecureEndpointConfiguration> getToken() {
        if (settings.isOpenId()) {
            return Optional.empty();
        }
        TokenEndpointConfigurationProperties token = new TokenEndpointConfigurationProperties();
        token.setUrl(settings.tokenUrl());
        token.setAuthenticationMethod(AuthenticationMethods.CLIENT_SECRET_POST);
        return Optional.of(token);
    }

    @Override
    public Optional<OauthAuthorizationEndpointConfiguration> getAuthorization() {
        if (settings.isOpenId()) {
            return Optional.empty();
        }
        AuthorizationEndpointConfigurationProperties authorization = new AuthorizationEndpointConfigurationProperties();
        authorization.setUrl(settings.authorizationUrl());
        authorization.setCodeChallengeMethod("S256");
        return Optional.of(authorization);
    }

    @Override
    public Optional<ClientCredentialsConfiguration> getClientCredentials() {
        return Optional.empty();
    }

    @Override
    public Optional<SecureEndpointConfiguration> getIntrospection() {
        return Optional.empty();
    }

    @Override
    public Optional<SecureEndpointConfiguration> getRevocation() {
        return Optional.empty();
    }

    @Override
    public Optional<OpenIdClientConfiguration> getOpenid() {
        return settings.isOpenId() ? Optional.of(new ProviderIssuer(settings)) : Optional.empty();
    }
}
