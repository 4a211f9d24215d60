package dev.slipway.gateway.user;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/**
 * The keys of access tokens: the first signs, all verify, so that a key is changed by putting the new one in front. Without
 * login there are none. A missing or weak key stops the start.
 */
@Singleton
class SigningKeys {
    private static final int RSA_BITS_MIN = 2048;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final List<JWK> keys;

    SigningKeys(AuthSettings settings) {
        this.keys = settings.enabled() ? read(text(settings)) : List.of();
    }

    List<JWK> all() {
        return keys;
    }

    JWKSet published() {
        return new JWKSet(keys).toPublicJWKSet();
    }

    private static String text(AuthSettings settings) {
        if (settings.signingKeyFile().isBlank()) {
            return settings.signingKey();
        }
        try {
            return Files.readString(Path.of(settings.signingKeyFile()));
        } catch (IOException e) {
            throw new IllegalStateException("AUTH_SIGNING_KEY_FILE: cannot be read: " + e.getMessage(), e);
        }
    }

    static List<JWK> read(String pem) {
        List<JWK> keys = new ArrayList<>();
        Matcher matcher = PEM.matcher(pem);
        while (matcher.find()) {
            keys.add(key(Base64.getMimeDecoder().decode(matcher.group(1))));
        }
        if (keys.isEmpty()) {
            throw new IllegalStateException(
                    "AUTH_SIGNING_KEY: no private key in it (expected with AUTH_ENABLED=true: PEM, PKCS #8; make one with: "
                            + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)");
        }
        return List.copyOf(keys);
    }

    private static JWK key(byte[] encoded) {
        try {
            PKCS8EncodedKeySpec specification = new PKCS8EncodedKeySpec(encoded);
            try {
                return rsa((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(specification));
            } catch (InvalidKeySpecException _) {
                return elliptic((ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(specification));
            }
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("AUTH_SIGNING_KEY: unreadable (expected: an EC P-256 or RSA key)", e);
        }
    }

    private static JWK rsa(RSAPrivateCrtKey key) throws GeneralSecurityException, JOSEException {
        int bits = key.getModulus().bitLength();
        if (bits < RSA_BITS_MIN) {
            throw new IllegalStateException(
                    "AUTH_SIGNING_KEY: RSA of " + bits + " bits (expected: at least " + RSA_BITS_MIN + ")");
        }
        RSAPublicKey open = (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        return new RSAKey.Builder(open)
                .privateKey((PrivateKey) key)
                .keyUse(KeyUse.SIGNATURE)
                .keyIDFromThumbprint()
                .build();
    }

    private static JWK elliptic(ECPrivateKey key) throws GeneralSecurityException, JOSEException {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        if (!Curve.P_256.equals(curve)) {
            throw new IllegalStateException("AUTH_SIGNING_KEY: curve " + curve + " (expected: P-256)");
        }
        // PKCS #8 need not hold the public point; it is the generator times the secret number.
        var point =
                CustomNamedCurves.getByName("P-256").getG().multiply(key.getS()).normalize();
        BigInteger x = point.getAffineXCoord().toBigInteger();
        BigInteger y = point.getAffineYCoord().toBigInteger();
        ECPublicKey open = (ECPublicKey)
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), key.getParams()));
        return new ECKey.Builder(curve, open)
                .privateKey(key)
                .keyUse(KeyUse.SIGNATURE)
                .keyIDFromThumbprint()
                .build();
    }
}
