package dev.slipway.gateway.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Passwords as Argon2id (RFC 9106) with 19 MiB, two passes, one lane: OWASP's first choice. At most two are worked out at a
 * time, so that guesses cost the guesser and not the rest of the gateway.
 */
final class Passwords {
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final String FORM = "argon2id$";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Semaphore AT_ONCE = new Semaphore(2, true);

    private Passwords() {}

    static String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return FORM + text.encodeToString(salt) + "$" + text.encodeToString(derive(password, salt));
    }

    /** Whether it is the password; takes as long for an account that does not exist ({@code stored} null). */
    static boolean matches(String password, @Nullable String stored) {
        if (stored == null || !stored.startsWith(FORM)) {
            derive(password, new byte[SALT_BYTES]);
            return false;
        }
        String[] parts = stored.substring(FORM.length()).split("\\$", 2);
        byte[] salt = Base64.getDecoder().decode(parts[0]);
        return MessageDigest.isEqual(Base64.getDecoder().decode(parts[1]), derive(password, salt));
    }

    private static byte[] derive(String password, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(PASSES)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        AT_ONCE.acquireUninterruptibly();
        try {
            generator.generateBytes(secret, hash);
        } finally {
            AT_ONCE.release();
            Arrays.fill(secret, (byte) 0);
        }
        return hash;
    }
}
