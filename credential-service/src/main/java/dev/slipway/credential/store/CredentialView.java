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
 * @param isConfigured whether it can be used; {@code problem} says why not
 * @param last4 the secret's last characters; null for short ones
 * @param host the host that it is used for; of several the first
 */
@Serdeable
record CredentialView(
        String id,
        String provider,
        String name,
        String authType,
        @JsonProperty("isConfigured") boolean isConfigured,
        @Nullable String problem,
        @Nullable Instant expiresAt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String last4,
        String host,
        List<String> hosts) {
    static CredentialView of(Credential credential) {
        List<String> hosts = credential.points().stream()
                .map(InjectionPoint::host)
                .distinct()
                .toList();
        return new CredentialView(
                credential.id(),
                credential.provider(),
                credential.name(),
                credential.type().wireName(),
                credential.problem() == null,
                credential.problem(),
                credential.expiresAt(),
                credential.createdAt(),
                credential.updatedAt(),
                credential.last4(),
                hosts.getFirst(),
                hosts);
    }

    /** A page of them. */
    @Serdeable
    record CredentialList(
            List<CredentialView> credentials, @Nullable String nextCursor) {}

    /** What became of one. */
    @Serdeable
    record Gone(String status) {}
}
