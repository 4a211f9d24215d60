package dev.slipway.kit.identity;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.util.Base64;

/** The key of the tokens between services, base64, 32 bytes or more ({@code slipway.internal.key}). */
@ConfigurationProperties("slipway.internal")
public record InternalKey(String key) {
    private static final int BYTES_MIN = 32;

    public InternalKey {
        if (decode(key).length < BYTES_MIN) {
            throw new IllegalArgumentException("slipway.internal.key (SLIPWAY_INTERNAL_KEY): " + decode(key).length
                    + " bytes (expected: base64 of at least " + BYTES_MIN
                    + "; make one with: head -c 32 /dev/urandom | base64)");
        }
    }

    byte[] bytes() {
        return decode(key);
    }

    @Override
    public String toString() {
        return "InternalKey[hidden]";
    }

    private static byte[] decode(String key) {
        try {
            return Base64.getDecoder().decode(key.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("slipway.internal.key (SLIPWAY_INTERNAL_KEY): not base64", e);
        }
    }
}
