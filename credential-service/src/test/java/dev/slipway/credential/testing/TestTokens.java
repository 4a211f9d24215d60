package dev.slipway.credential.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.kit.identity.Caller;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Tokens as the other services make them; the issuer is the caller's own. */
public final class TestTokens {
    private TestTokens() {}

    /** A token of a minute. */
    public static String sign(Caller caller, String audience, String key) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(caller.issuer())
                .audience(audience)
                .subject(caller.userId())
                .claim("prj", caller.projectId())
                .claim("role", caller.role().wireName())
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .build();
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            token.sign(new MACSigner(Base64.getDecoder().decode(key)));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
