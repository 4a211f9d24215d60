package dev.slipway.gateway.user;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An API token as its owner sees it; {@code token} itself is there only in the answer that makes it. */
@Serdeable
record TokenView(
        String id,
        String name,
        List<String> scopes,
        @Nullable String token,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {
    @Override
    public String toString() {
        return "TokenView[" + id + "]";
    }
}
