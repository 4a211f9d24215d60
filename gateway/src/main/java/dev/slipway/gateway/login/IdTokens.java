package dev.slipway.gateway.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micronaut.context.annotation.Primary;
import io.micronaut.security.oauth2.client.OpenIdProviderMetadata;
import io.micronaut.security.oauth2.configuration.OauthClientConfiguration;
import io.micronaut.security.oauth2.endpoint.token.response.OpenIdTokenResponse;
import io.micronaut.security.oauth2.endpoint.token.response.validation.ReactiveOpenIdTokenResponseValidator;
import jakarta.inject.Singleton;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Checks ID tokens (OpenID Connect Core 1.0, section 3.1.3.7): signed asymmetrically with a key of the very provider, from it, for
 * us, current, and for the login that this browser began.
 */
@Singleton
@Primary
class IdTokens implements ReactiveOpenIdTokenResponseValidator<JWT> {
    private static final Logger LOG = LoggerFactory.getLogger(IdTokens.class);
    private static final int TIMEOUT_MS = 5_000;
    private static final int KEYS_BYTES_MAX = 256 * 1024;
    private static final int PROVIDERS_MAX = 100;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final Cache<String, JWKSource<SecurityContext>> keys =
            Caffeine.newBuilder().maximumSize(PROVIDERS_MAX).build();

    @Override
    public Publisher<JWT> validate(
            OauthClientConfiguration client,
            OpenIdProviderMetadata provider,
            OpenIdTokenResponse response,
            @Nullable String nonce) {
        // The provider's keys may have to be fetched, which waits.
        return Mono.fromCallable(() -> checked(client, provider, response.getIdToken(), nonce))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private JWT checked(
            OauthClientConfiguration client,
            OpenIdProviderMetadata provider,
            @Nullable String token,
            @Nullable String nonce) {
        if (token == null || nonce == null) {
            throw refused(client, token == null ? "no ID token" : "no nonce of ours");
        }
        try {
            JWT parsed = JWTParser.parse(token);
            JWTClaimsSet claims = processor(client, provider).process(parsed, null);
            if (!nonce.equals(claims.getStringClaim("nonce"))) {
                throw refused(client, "made for another login");
            }
            String authorised = claims.getStringClaim("azp");
            boolean several = claims.getAudience().size() > 1;
            if (authorised == null ? several : !authorised.equals(client.getClientId())) {
                throw refused(client, "made for another client");
            }
            return parsed;
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw refused(client, String.valueOf(e.getMessage()));
        }
    }

    private DefaultJWTProcessor<SecurityContext> processor(
            OauthClientConfiguration client, OpenIdProviderMetadata provider) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, keys.get(provider.getJwksUri(), IdTokens::source)));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                client.getClientId(),
                new JWTClaimsSet.Builder().issuer(provider.getIssuer()).build(),
                Set.of("sub", "iat", "exp", "nonce")));
        return processor;
    }

    private static JWKSource<SecurityContext> source(String address) {
        try {
            return JWKSourceBuilder.create(
                            URI.create(address).toURL(),
                            new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, KEYS_BYTES_MAX))
                    .retrying(true)
                    .build();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IllegalStateException("keys of a login provider at no address: " + address, e);
        }
    }

    private static RuntimeException refused(OauthClientConfiguration client, String reason) {
        LOG.atWarn()
                .addKeyValue("provider", client.getName())
                .addKeyValue("reason", reason)
                .log("ID token refused");
        return LoginRefusals.failed();
    }
}
