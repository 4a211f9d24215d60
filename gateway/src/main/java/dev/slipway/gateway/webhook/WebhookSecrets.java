package dev.slipway.gateway.webhook;

import dev.slipway.gateway.seal.DerivedKeys;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes secrets, keeps them encrypted, and signs with them as the Standard Webhooks specification has it. */
@Singleton
class WebhookSecrets {
    private static final String PREFIX = "whsec_";
    private static final int SECRET_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;

    WebhookSecrets(DerivedKeys keys, WebhookSettings settings) {
        this.key = settings.key().isBlank()
                ? keys.of("webhook secrets", "AES")
                : DerivedKeys.derive(settings.key(), "webhook secrets", "AES");
    }

    String make() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return PREFIX + Base64.getEncoder().encodeToString(secret);
    }

    /** Encrypts a secret for this webhook's row and no other (AES-256-GCM, the id as additional data, a nonce first). */
    byte[] seal(String webhook, String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, webhook, secret.getBytes(StandardCharsets.US_ASCII));
        byte[] row = Arrays.copyOf(nonce, nonce.length + sealed.length);
        System.arraycopy(sealed, 0, row, nonce.length, sealed.length);
        return row;
    }

    /** The {@code webhook-signature} header: HMAC-SHA256 over id, time and body, with dots between. */
    String sign(String webhook, byte[] sealed, String id, long timestamp, String body) {
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        byte[] opened =
                crypt(Cipher.DECRYPT_MODE, nonce, webhook, Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length));
        String secret = new String(opened, StandardCharsets.US_ASCII);
        SecretKey mac = new SecretKeySpec(Base64.getDecoder().decode(secret.substring(PREFIX.length())), "HmacSHA256");
        byte[] signature = DerivedKeys.mac(mac, (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(signature);
    }

    private byte[] crypt(int mode, byte[] nonce, String webhook, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(webhook.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("webhook " + webhook + ": secret does not open (was the key changed?)", e);
        }
    }
}
