package dev.slipway.gateway.user;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.kit.id.Ids;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** Short-lived access tokens: JWTs (RFC 7519) that are signed asymmetrically, ES256 or RS256 as the key is. */
@Singleton
class AccessTokens {
    /** How long a token is good for; what ends a login takes at most this long to be noticed by its holder. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final String ISSUER = "slipway";
    private static final String SESSION = "sid";

    private final SigningKeys keys;
    private final Clock clock;

    AccessTokens(SigningKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** Who a token speaks for, and the login session that it came of. */
    record Claims(String userId, String sessionId) {}

    String issue(User user, String sessionId) {
        JWK key = keys.all().getFirst();
        Instant now = clock.instant();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm(key)).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(ISSUER)
                        .subject(user.id())
                        .claim(SESSION, sessionId)
                        .jwtID(Ids.text())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFETIME)))
                        .build());
        try {
            token.sign(signer(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign an access token", e);
        }
        return token.serialize();
    }

    /** What the token says; empty unless one of our keys signed the token with its own algorithm, for us, and it is current. */
    Optional<Claims> claims(String token) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            for (JWK key : keys.all()) {
                if (key.getKeyID().equals(parsed.getHeader().getKeyID())
                        && algorithm(key).equals(parsed.getHeader().getAlgorithm())
                        && parsed.verify(verifier(key))) {
                    return current(parsed.getJWTClaimsSet());
                }
            }
            return Optional.empty();
        } catch (ParseException | JOSEException _) {
            return Optional.empty();
        }
    }

    private Optional<Claims> current(JWTClaimsSet claims) throws ParseException {
        Date expires = claims.getExpirationTime();
        boolean good = expires != null
                && clock.instant().isBefore(expires.toInstant())
                && ISSUER.equals(claims.getIssuer())
                && claims.getAudience().contains(ISSUER);
        String session = claims.getStringClaim(SESSION);
        return good && claims.getSubject() != null && session != null
                ? Optional.of(new Claims(claims.getSubject(), session))
                : Optional.empty();
    }

    private static JWSAlgorithm algorithm(JWK key) {
        return key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        return key instanceof ECKey elliptic ? new ECDSASigner(elliptic) : new RSASSASigner(key.toRSAKey());
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        return key instanceof ECKey elliptic ? new ECDSAVerifier(elliptic) : new RSASSAVerifier(key.toRSAKey());
    }
}
