package dev.slipway.workspace.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.kit.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Tokens as other services make them: the kit signs as the running service only. */
final class Tokens {
    private Tokens() {}

    static String sign(Caller caller, String key) {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .issuer(caller.issuer())
                        .audience("workspace-service")
                        .subject(caller.userId())
                        .claim("name", caller.name())
                        .claim("email", caller.email())
                        .claim("prj", caller.projectId())
                        .claim("role", caller.role().wireName())
                        .claim("ses", caller.sessionId())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(Duration.ofSeconds(110))))
                        .build());
        try {
            token.sign(new MACSigner(Base64.getDecoder().decode(key)));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
