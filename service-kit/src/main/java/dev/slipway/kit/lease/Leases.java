package dev.slipway.kit.lease;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Names that this process holds for a while. Whoever does not renew in time loses the name to the next who asks. */
@Singleton
public class Leases {
    private final JdbcOperations jdbc;
    private final String owner = UUID.randomUUID().toString();

    Leases(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes or renews a name; the answer is its fence, which rises with each new holder, or empty if another holds it. */
    @Transactional
    public OptionalLong hold(String name, Duration length) {
        return jdbc.prepareStatement("""
                INSERT INTO lease (name, owner, lease_until) VALUES (?, ?, now() + ? * interval '1 millisecond')
                ON CONFLICT (name) DO UPDATE
                SET fence = lease.fence + CASE WHEN lease.owner = EXCLUDED.owner THEN 0 ELSE 1 END,
                    owner = EXCLUDED.owner, lease_until = EXCLUDED.lease_until
                WHERE lease.owner = EXCLUDED.owner OR lease.lease_until < now()
                RETURNING fence
                """, take -> {
            take.setString(1, name);
            take.setString(2, owner);
            take.setLong(3, length.toMillis());
            try (ResultSet row = take.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        });
    }

    /** As {@link #hold}, of many names in one go; gives those that are ours now. */
    @Transactional
    public Set<String> holdAll(Collection<String> names, Duration length) {
        if (names.isEmpty()) {
            return Set.of();
        }
        return jdbc.prepareStatement("""
                INSERT INTO lease (name, owner, lease_until)
                SELECT name, ?, now() + ? * interval '1 millisecond' FROM unnest(?::text[]) AS name ORDER BY name
                ON CONFLICT (name) DO UPDATE
                SET fence = lease.fence + CASE WHEN lease.owner = EXCLUDED.owner THEN 0 ELSE 1 END,
                    owner = EXCLUDED.owner, lease_until = EXCLUDED.lease_until
                WHERE lease.owner = EXCLUDED.owner OR lease.lease_until < now()
                RETURNING name
                """, take -> {
            take.setString(1, owner);
            take.setLong(2, length.toMillis());
            take.setObject(3, names.toArray(String[]::new));
            Set<String> held = new HashSet<>();
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    held.add(row.getString(1));
                }
            }
            return held;
        });
    }

    /** Gives a name back, if it is still ours. Its fence stays, so that the next holder's is higher. */
    @Transactional
    public void release(String name) {
        jdbc.prepareStatement(
                "UPDATE lease SET owner = '', lease_until = '-infinity' WHERE name = ? AND owner = ?", release -> {
                    release.setString(1, name);
                    release.setString(2, owner);
                    return release.executeUpdate();
                });
    }
}
