package dev.slipway.credential.rotation;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.time.Instant;

/** Which master key came first. */
@Singleton
class MasterKeyHistory {
    private final JdbcOperations jdbc;

    MasterKeyHistory(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes that this key seals; whether that is new. */
    @Transactional
    boolean adopt(String keyId) {
        return jdbc.prepareStatement(
                        "INSERT INTO master_key (key_id) VALUES (?) ON CONFLICT (key_id) DO NOTHING", insert -> {
                            insert.setString(1, keyId);
                            return insert.executeUpdate();
                        })
                == 1;
    }

    /** Whether this key is known, and seals since that moment or later. */
    @Transactional
    boolean isAdoptedSince(String keyId, Instant moment) {
        return jdbc.prepareStatement("SELECT 1 FROM master_key WHERE key_id = ? AND adopted_at >= ?", select -> {
            select.setString(1, keyId);
            select.setTimestamp(2, Timestamp.from(moment));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        });
    }

    /** Whether the first key sealed before the second one did; one that is not known is older than any. */
    @Transactional
    boolean isOlder(String keyId, String than) {
        String sql = """
                SELECT coalesce((SELECT adopted_at FROM master_key WHERE key_id = ?), '-infinity') < adopted_at
                FROM master_key WHERE key_id = ?
                """;
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, keyId);
            select.setString(2, than);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        });
    }
}
