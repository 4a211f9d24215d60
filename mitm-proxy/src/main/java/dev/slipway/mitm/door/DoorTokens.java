package dev.slipway.mitm.door;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The passwords of sessions on TCP. A token is made of the session's id, its project and a key that all replicas have (HMAC-SHA256), so
 * none is stored and all survive a restart; it opens nothing once the session's door is closed.
 */
public final class DoorTokens {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** Tokens by a key of at least 32 bytes, which is used for nothing else: a label is put before what is signed. */
    public DoorTokens(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The session's token: 43 characters of base64url. A secret. */
    public String of(String sessionId, String projectId) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed(sessionId, projectId));
    }

    /** Whether the token is the session's; compared in constant time. */
    boolean isOf(String sessionId, String projectId, String token) {
        return MessageDigest.isEqual(
                of(sessionId, projectId).getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] signed(String sessionId, String projectId) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(
                    ("slipway egress door\n" + projectId + "\n" + sessionId).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
