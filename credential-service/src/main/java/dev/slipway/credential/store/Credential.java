package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Target;
import dev.slipway.credential.vault.Binding;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored credential, its secret sealed.
 *
 * @param version rises with each new secret
 * @param problem why it cannot be used, in words for the user; null when it can
 */
public record Credential(
        String id,
        String projectId,
        String provider,
        String name,
        AuthType type,
        Target target,
        Sealed sealed,
        @Nullable String last4,
        long version,
        @Nullable String problem,
        @Nullable Instant expiresAt,
        Instant createdAt,
        Instant updatedAt) {
    /** What of the catalogue it is. */
    public Provider kind() {
        return Provider.named(provider).orElse(Provider.CUSTOM);
    }

    /** Where its secret goes. */
    public List<InjectionPoint> points() {
        return kind().points(type, target);
    }

    /** Its secret; the caller zeroes it. */
    public byte[] open(Vault vault) throws SealedSecretException {
        return vault.open(binding(), sealed.bytes());
    }

    /** Its secret with the data key wrapped by the current master key. */
    byte[] rewrapped(Vault vault) throws SealedSecretException {
        return vault.rewrap(binding(), sealed.bytes());
    }

    /** What its secret is bound to. */
    Binding binding() {
        return binding(projectId, id, version);
    }

    static Binding binding(String projectId, String id, long version) {
        return new Binding(projectId, id, version, "value");
    }
}
