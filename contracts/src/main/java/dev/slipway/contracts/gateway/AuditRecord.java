package dev.slipway.contracts.gateway;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody did, or tried, through the gateway; topic {@code slipway.audit.v1}. Never holds a body, a query or a
 * secret.
 *
 * @param id a UUIDv7, by which a consumer recognises a repeat
 * @param actorId the user; null if nobody was logged in
 * @param actorName the user's name, or the one that a login was tried with
 * @param proof by what the user was known: {@code cookie}, {@code access_token}, {@code api_token}, {@code anonymous}, {@code none}
 * @param action {@code login}, {@code logout}, {@code register}, {@code refresh}, {@code link}, or the HTTP method
 * @param target the path, with secrets in it left out
 * @param projectId the project that it was about
 * @param address where it came from
 * @param outcome {@code done}, {@code refused} (status 4xx) or {@code failed} (status 5xx, or nobody waited for the answer)
 * @param status the HTTP status of the answer; null if nobody waited for it
 */
@Serdeable
public record AuditRecord(
        String id,
        Instant at,
        @Nullable String actorId,
        @Nullable String actorName,
        String proof,
        String action,
        String target,
        @Nullable String projectId,
        @Nullable String address,
        String outcome,
        @Nullable Integer status,
        @Nullable String requestId) {
    /** The topic of these records, keyed by actor. */
    public static final String TOPIC = "slipway.audit.v1";
}
