package dev.slipway.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/**
 * Makes and checks the tokens that travel between services as {@code X-Slipway-Identity}: a JWS (RFC 7515) with HS256 and
 * no other algorithm, for one audience, valid for {@link #LIFETIME}.
 */
@Singleton
@Requires(property = "slipway.internal.key")
public final class IdentityTokens {
    /** The header's name. */
    public static final String HEADER = "X-Slipway-Identity";

    /** How long a token is good for. */
    public static final Duration LIFETIME = Duration.ofSeconds(120);

    private static final Duration SKEW = Duration.ofSeconds(5);

    private final String service;
    private final MACSigner signer;
    private final MACVerifier verifier;
    private final Clock clock;

    IdentityTokens(@Value("${micronaut.application.name}") String service, InternalKey key, Clock clock)
            throws JOSEException {
        this.service = service;
        this.signer = new MACSigner(key.bytes());
        this.verifier = new MACVerifier(key.bytes());
        this.clock = clock;
    }

    /** The name of the service that this process is. */
    public String service() {
        return service;
    }

    /** A token by which this service calls {@code audience} for the caller; the issuer is always this service. */
    public String sign(Caller caller, String audience) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(service)
                .audience(audience)
                .subject(caller.userId())
                .claim("name", caller.name())
                .claim("email", caller.email())
                .claim("prj", caller.projectId())
                .claim("role", caller.role().wireName())
                .claim("ses", caller.sessionId())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign an internal token", e);
        }
        return token.serialize();
    }

    /** Who the token speaks for; empty if it is not signed with our key, not for this service, or expired. */
    public Optional<Caller> verify(String token) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(parsed.getHeader().getAlgorithm()) || !parsed.verify(verifier)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            boolean current = expires != null && clock.instant().minus(SKEW).isBefore(expires.toInstant());
            if (!current || !claims.getAudience().contains(service)) {
                return Optional.empty();
            }
            return Optional.of(new Caller(
                    claims.getIssuer(),
                    claims.getSubject(),
                    claims.getStringClaim("name"),
                    claims.getStringClaim("email"),
                    claims.getStringClaim("prj"),
                    Role.of(claims.getStringClaim("role")),
                    claims.getStringClaim("ses")));
        } catch (ParseException | JOSEException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
