package dev.slipway.gateway.seal;

import dev.slipway.kit.identity.InternalKey;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Derives a key for each purpose (HKDF-SHA256, RFC 5869), so that what one is used for says nothing about another. */
@Singleton
public class DerivedKeys {
    private static final int BYTES = 32;

    private final InternalKey root;

    DerivedKeys(InternalKey root) {
        this.root = root;
    }

    /** The key for a purpose, for example {@code preview tickets}; of this algorithm. */
    public SecretKey of(String purpose, String algorithm) {
        return derive(root.key(), purpose, algorithm);
    }

    /** As {@link #of}, from another root key, base64. */
    public static SecretKey derive(String base64, String purpose, String algorithm) {
        try {
            HKDFParameterSpec spec = HKDFParameterSpec.ofExtract()
                    .addIKM(Base64.getDecoder().decode(base64.strip()))
                    .thenExpand(("slipway gateway: " + purpose).getBytes(StandardCharsets.UTF_8), BYTES);
            byte[] key = KDF.getInstance("HKDF-SHA256").deriveData(spec);
            return new SecretKeySpec(key, algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256: missing (expected: in every Java runtime)", e);
        }
    }

    /** HMAC-SHA256 of a text. */
    public static byte[] mac(SecretKey key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256: missing (expected: in every Java runtime)", e);
        }
    }
}
