package dev.slipway.credential.store;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often credentials were used; written by whoever reads the egress log. */
@Singleton
class UsageTotals {
    private final JdbcOperations jdbc;

    UsageTotals(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** How often one was used. */
    record Total(long useCount, @Nullable Instant lastUsedAt) {
        static final Total NEVER = new Total(0, null);
    }

    /** Those of these credentials that were ever used, by id. */
    @Transactional
    Map<String, Total> of(Collection<String> credentialIds) {
        String sql =
                "SELECT credential_id, use_count, last_used_at FROM credential_usage WHERE credential_id = ANY (?)";
        return jdbc.prepareStatement(sql, select -> {
            select.setArray(1, select.getConnection().createArrayOf("text", credentialIds.toArray()));
            Map<String, Total> found = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(
                            row.getString(1),
                            new Total(row.getLong(2), row.getTimestamp(3).toInstant()));
                }
            }
            return found;
        });
    }
}
