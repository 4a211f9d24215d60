package dev.slipway.credential.store;

import dev.slipway.contracts.credential.RuleScope;
import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Scope;
import dev.slipway.credential.provider.Target;
import dev.slipway.credential.vault.Binding;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored credential, its secrets sealed.
 *
 * @param userId whose it is; null for the project's
 * @param provider its name, one per owner
 * @param kind what of the catalogue it is
 * @param refresh what gets the next secret; null if nothing does
 * @param keyId the master key that wraps its data keys
 * @param publicKey of an ssh key, as a line
 * @param version rises with each new secret
 * @param problem why it does not open, in words for the user; null when it does
 */
public record Credential(
        String id,
        String projectId,
        @Nullable String userId,
        String provider,
        Provider kind,
        String name,
        AuthType type,
        Target target,
        Scope scope,
        Sealed sealed,
        @Nullable Sealed refresh,
        String keyId,
        @Nullable String last4,
        @Nullable String publicKey,
        long version,
        @Nullable String problem,
        Renewal renewal,
        @Nullable Instant expiresAt,
        Instant createdAt,
        Instant updatedAt) {
    /** Where its secret goes. */
    public List<InjectionPoint> points() {
        return scope.narrow(kind.points(type, target));
    }

    /** For whom its rules are. */
    public RuleScope ruleScope() {
        return scope.of(userId);
    }

    /** Whether this user may see it. */
    boolean isVisibleTo(String user) {
        return userId == null || userId.equals(user);
    }

    /** Its secret; the caller zeroes it. */
    public byte[] open(Vault vault) throws SealedSecretException {
        return vault.open(binding(), sealed.bytes());
    }

    /** What gets the next secret; the caller zeroes it. Only where there is one. */
    public byte[] openRefresh(Vault vault) throws SealedSecretException {
        if (refresh == null) {
            throw new IllegalStateException("credential " + id + " has no refresh token");
        }
        return vault.open(refreshBinding(projectId, id, version), refresh.bytes());
    }

    /** Its secret sealed anew, with the current master key. */
    byte[] renewed(Vault vault) throws SealedSecretException {
        return vault.renew(binding(), sealed.bytes());
    }

    /** The same for what gets the next secret; null if nothing does. */
    byte @Nullable [] renewedRefresh(Vault vault) throws SealedSecretException {
        return refresh == null ? null : vault.renew(refreshBinding(projectId, id, version), refresh.bytes());
    }

    /** What its secret is bound to. */
    Binding binding() {
        return binding(projectId, id, version);
    }

    static Binding binding(String projectId, String id, long version) {
        return new Binding(projectId, id, version, "value");
    }

    static Binding refreshBinding(String projectId, String id, long version) {
        return new Binding(projectId, id, version, "refresh");
    }
}
