package dev.slipway.gateway.login;

import io.micronaut.context.annotation.Primary;
import io.micronaut.security.authentication.AuthenticationResponse;
import io.micronaut.security.oauth2.endpoint.authorization.state.State;
import io.micronaut.security.oauth2.endpoint.token.response.OpenIdAuthenticationMapper;
import io.micronaut.security.oauth2.endpoint.token.response.OpenIdClaims;
import io.micronaut.security.oauth2.endpoint.token.response.OpenIdTokenResponse;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Reads who somebody is from the claims of a checked ID token. */
@Singleton
@Primary
class OpenIdClaimsMapper implements OpenIdAuthenticationMapper {
    @Override
    public Publisher<AuthenticationResponse> createAuthenticationResponse(
            String provider, OpenIdTokenResponse response, OpenIdClaims claims, @Nullable State state) {
        String subject = Objects.requireNonNull(claims.getSubject());
        boolean verified = Boolean.TRUE.equals(claims.isEmailVerified());
        String email = verified ? claims.getEmail() : null;
        String name = claims.getPreferredUsername() != null ? claims.getPreferredUsername() : claims.getEmail();
        ExternalIdentity identity = new ExternalIdentity(
                provider, subject, email, name == null ? provider + "-user" : name, claims.getName());
        return Mono.just(AuthenticationResponse.success(subject, identity.asAttributes()));
    }
}
