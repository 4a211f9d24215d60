package dev.slipway.gateway.door;

import dev.slipway.gateway.sql.Database;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Remembers answers for a day. A request that is still in hand after two minutes is taken for lost with the gateway that had
 * it: the same one may then be tried again.
 */
@Singleton
class IdempotencyStore {
    private final Database database;
    private final AnswerSeal seal;

    IdempotencyStore(Database database, AnswerSeal seal) {
        this.database = database;
        this.seal = seal;
    }

    /** What is known of a key. */
    sealed interface Claim {
        /** Nothing: the request is the first, and now in hand. */
        record First() implements Claim {}

        /** Its answer. */
        @SuppressWarnings("ArrayRecordComponent") // never compared and never changed
        record Answered(int status, String contentType, byte[] body) implements Claim {}

        /** The first one is still in hand. */
        record InProgress() implements Claim {}

        /** It was used for another request. */
        record Different() implements Claim {}
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared and never changed
    private record Row(byte[] hash, int status, @Nullable String contentType, byte @Nullable [] body) {}

    @Transactional
    Claim claim(IdempotencyKey key, byte[] body) {
        byte[] hash = hash(key, body);
        int made = database.change("""
                INSERT INTO idempotent_answer (principal, key, request_hash) VALUES (?, ?, ?)
                ON CONFLICT (principal, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, created_at = now()
                WHERE idempotent_answer.created_at < now() - interval '24 hours'
                   OR (idempotent_answer.status IS NULL AND idempotent_answer.request_hash = EXCLUDED.request_hash
                       AND idempotent_answer.created_at < now() - interval '2 minutes')
                """, key.principal(), key.key(), hash);
        if (made == 1) {
            return new Claim.First();
        }
        return database.first(
                        "SELECT * FROM idempotent_answer WHERE principal = ? AND key = ?",
                        row -> new Row(
                                row.getBytes("request_hash"),
                                row.getInt("status"),
                                row.getString("content_type"),
                                row.getBytes("body")),
                        key.principal(),
                        key.key())
                .map(row -> known(row, hash))
                .orElseGet(Claim.InProgress::new);
    }

    private Claim known(Row row, byte[] hash) {
        if (!MessageDigest.isEqual(row.hash(), hash)) {
            return new Claim.Different();
        }
        byte[] sealed = row.body();
        if (sealed == null) {
            return new Claim.InProgress();
        }
        String type = row.contentType() == null ? "" : row.contentType();
        return seal.open(sealed)
                .<Claim>map(body -> new Claim.Answered(row.status(), type, body))
                .orElseGet(Claim.InProgress::new);
    }

    void keep(IdempotencyKey key, int status, String contentType, byte[] body) {
        database.change(
                "UPDATE idempotent_answer SET status = ?, content_type = ?, body = ? WHERE principal = ? AND key = ?",
                status,
                contentType,
                seal.seal(body),
                key.principal(),
                key.key());
    }

    /** Forgets a key whose answer says nothing for good, so that the request may be tried again. */
    void forget(IdempotencyKey key) {
        database.change("DELETE FROM idempotent_answer WHERE principal = ? AND key = ?", key.principal(), key.key());
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "10m")
    void sweep() {
        database.change("DELETE FROM idempotent_answer WHERE created_at < now() - interval '24 hours'");
    }

    private static byte[] hash(IdempotencyKey key, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key.request().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java runtime)", e);
        }
    }
}
