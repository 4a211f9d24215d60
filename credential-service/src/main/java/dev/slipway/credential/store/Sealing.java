package dev.slipway.credential.store;

import dev.slipway.credential.provider.Scope;
import dev.slipway.credential.vault.Binding;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes rows of drafts and tokens: their secrets sealed, their times set. */
@Singleton
final class Sealing {
    /** A token is refreshed this long before it ends, or a quarter of its life if that is less. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final Vault vault;

    Sealing(Vault vault) {
        this.vault = vault;
    }

    Credential seal(String projectId, String id, long version, Draft draft, Instant now) {
        Sealed sealed = seal(Credential.binding(projectId, id, version), draft.secret());
        Sealed refresh = draft.refresh() == null
                ? null
                : seal(Credential.refreshBinding(projectId, id, version), draft.refresh());
        return new Credential(
                id,
                projectId,
                draft.userId(),
                draft.provider(),
                draft.kind(),
                draft.name(),
                draft.type(),
                draft.target(),
                draft.scope(),
                sealed,
                refresh,
                vault.keyIdOf(sealed.bytes()),
                draft.last4(),
                draft.publicKey(),
                version,
                null,
                refresh == null ? Renewal.NONE : renewal(draft.lifetime(), now),
                draft.lifetime() == null ? null : now.plus(draft.lifetime()),
                now,
                now);
    }

    /** The credential with the next token, under the next version. */
    Credential next(Credential used, NextToken next, Instant now) {
        String refresh = next.refresh() == null ? former(used) : next.refresh();
        return seal(
                used.projectId(),
                used.id(),
                used.version() + 1,
                new Draft(
                        used.userId(),
                        used.provider(),
                        used.kind(),
                        used.name(),
                        used.type(),
                        used.target(),
                        used.scope(),
                        next.token(),
                        refresh,
                        used.publicKey(),
                        next.lifetime()),
                now);
    }

    /** The same credential with other limits. */
    Credential limited(Credential present, Scope scope) {
        return new Credential(
                present.id(),
                present.projectId(),
                present.userId(),
                present.provider(),
                present.kind(),
                present.name(),
                present.type(),
                present.target(),
                scope,
                present.sealed(),
                present.refresh(),
                present.keyId(),
                present.last4(),
                present.publicKey(),
                present.version(),
                present.problem(),
                present.renewal(),
                present.expiresAt(),
                present.createdAt(),
                present.updatedAt());
    }

    private String former(Credential used) {
        try {
            byte[] refresh = used.openRefresh(vault);
            try {
                return new String(refresh, StandardCharsets.US_ASCII);
            } finally {
                Arrays.fill(refresh, (byte) 0);
            }
        } catch (SealedSecretException e) {
            throw ProblemException.conflict("unreadable", Objects.requireNonNull(e.getMessage()));
        }
    }

    private Sealed seal(Binding binding, String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
        try {
            return new Sealed(vault.seal(binding, bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Renewal renewal(@Nullable Duration lifetime, Instant now) {
        if (lifetime == null) {
            return Renewal.NONE;
        }
        Duration quarter = lifetime.dividedBy(4);
        Duration ahead = quarter.compareTo(AHEAD) < 0 ? quarter : AHEAD;
        return new Renewal(0, null, now.plus(lifetime).minus(ahead));
    }
}
