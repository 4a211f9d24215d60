package dev.slipway.credential.oauth;

import dev.slipway.credential.vault.Binding;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in under way.
 *
 * @param id hash of the state, or the handle of a device code
 * @param flow the provider's name
 * @param sealed the verifier, or the device code
 * @param intervalSeconds the least time between two polls
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SignIn(
        String id,
        String projectId,
        String userId,
        String flow,
        byte[] sealed,
        Wish wish,
        int intervalSeconds,
        @Nullable Instant usedAt,
        Instant expiresAt) {
    static Binding binding(String projectId, String id) {
        return new Binding(projectId, id, 1, "sign-in");
    }

    /** The verifier, or the device code. */
    String secret(Vault vault) throws SealedSecretException {
        byte[] secret = vault.open(binding(projectId, id), sealed);
        try {
            return new String(secret, StandardCharsets.US_ASCII);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "SignIn[" + flow + ", hidden]";
    }
}
