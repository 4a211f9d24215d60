package dev.slipway.credential.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.credential.provider.InjectionPoint;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A credential as far as anybody may see it.
 *
 * @param kind what of the catalogue it is
 * @param personal whether it is the caller's own; else it is the project's
 * @param effective whether the caller's sessions use it; if not, {@code shadowedBy} is the id of the personal one that they use
 * @param status {@code active}; {@code expired}; {@code refresh_failed}: the next token did not come, {@code problem} says why and
 *     {@code nextRefreshAt} when it is tried again; {@code unreadable}: it does not open
 * @param isConfigured whether it can be used; {@code problem} says why not
 * @param last4 the secret's last characters; null for short ones and private keys
 * @param publicKey of an ssh key, as a line for the git host
 * @param host the host that it is used for; of several the first; empty for an ssh key that is for any
 * @param lastUsedAt when it was last put on a request, as far as the egress log tells
 */
@Serdeable
public record CredentialView(
        String id,
        String provider,
        String kind,
        String name,
        String authType,
        boolean personal,
        boolean effective,
        @Nullable String shadowedBy,
        ScopeView scope,
        String status,
        @JsonProperty("isConfigured") boolean isConfigured,
        @Nullable String problem,
        @Nullable Instant expiresAt,
        @Nullable Instant nextRefreshAt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastUsedAt,
        long useCount,
        @Nullable String last4,
        @Nullable String publicKey,
        String host,
        List<String> hosts) {
    static CredentialView of(Credential credential, @Nullable String shadowedBy, UsageTotals.Total usage, Instant now) {
        List<String> hosts = hosts(credential);
        String problem = credential.problem();
        return new CredentialView(
                credential.id(),
                credential.provider(),
                credential.kind().wireName(),
                credential.name(),
                credential.type().wireName(),
                credential.userId() != null,
                shadowedBy == null,
                shadowedBy,
                ScopeView.of(credential.scope()),
                status(credential, now),
                problem == null,
                problem == null ? credential.renewal().problem() : problem,
                credential.expiresAt(),
                credential.renewal().at(),
                credential.createdAt(),
                credential.updatedAt(),
                usage.lastUsedAt(),
                usage.useCount(),
                credential.last4(),
                credential.publicKey(),
                hosts.isEmpty() ? "" : hosts.getFirst(),
                hosts);
    }

    private static List<String> hosts(Credential credential) {
        String host = credential.target().host();
        List<InjectionPoint> points = credential.points();
        return points.isEmpty() && host != null
                ? List.of(host)
                : points.stream().map(InjectionPoint::host).distinct().toList();
    }

    private static String status(Credential credential, Instant now) {
        Instant end = credential.expiresAt();
        if (credential.problem() != null) {
            return "unreadable";
        }
        if (credential.renewal().problem() != null) {
            return "refresh_failed";
        }
        return end != null && end.isBefore(now) ? "expired" : "active";
    }

    /** A page of them. */
    @Serdeable
    record CredentialList(
            List<CredentialView> credentials, @Nullable String nextCursor) {}

    /** What became of one. */
    @Serdeable
    record Gone(String status) {}
}
