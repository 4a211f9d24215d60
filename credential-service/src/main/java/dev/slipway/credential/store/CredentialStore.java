package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.Target;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of credentials. */
@Singleton
public class CredentialStore {
    private static final String COLUMNS = """
            id, project_id, provider, name, auth_type, host, path_prefix, place, place_name, template, sealed, last4, version,
            problem, expires_at, created_at, updated_at
            """;

    private final JdbcOperations jdbc;

    CredentialStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** The project's credential of that name. */
    @Transactional
    public Optional<Credential> find(String projectId, String provider) {
        String sql = "SELECT " + COLUMNS + " FROM credential WHERE project_id = ? AND provider = ?";
        return jdbc
                .prepareStatement(sql, select -> {
                    select.setString(1, projectId);
                    select.setString(2, provider);
                    return read(select);
                })
                .stream()
                .findFirst();
    }

    /** The project's credentials by name, at most {@code limit} after {@code after}; null for the first ones. */
    @Transactional
    public List<Credential> list(String projectId, @Nullable String after, int limit) {
        String sql = "SELECT " + COLUMNS
                + " FROM credential WHERE project_id = ? AND provider > ? ORDER BY provider LIMIT ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, projectId);
            select.setString(2, after == null ? "" : after);
            select.setInt(3, limit);
            return read(select);
        });
    }

    /** Writes a credential; one with the same id is replaced. */
    @Transactional(propagation = Propagation.MANDATORY)
    void write(Credential credential, String keyId) {
        jdbc.prepareStatement("""
                INSERT INTO credential (id, project_id, provider, name, auth_type, host, path_prefix, place, place_name,
                    template, sealed, key_id, last4, version, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE
                SET name = EXCLUDED.name, auth_type = EXCLUDED.auth_type, host = EXCLUDED.host,
                    path_prefix = EXCLUDED.path_prefix, place = EXCLUDED.place, place_name = EXCLUDED.place_name,
                    template = EXCLUDED.template, sealed = EXCLUDED.sealed, key_id = EXCLUDED.key_id,
                    last4 = EXCLUDED.last4, version = EXCLUDED.version, expires_at = EXCLUDED.expires_at, problem = NULL,
                    updated_at = now()
                """, insert -> {
            insert.setString(1, credential.id());
            insert.setString(2, credential.projectId());
            insert.setString(3, credential.provider());
            insert.setString(4, credential.name());
            insert.setString(5, credential.type().wireName());
            insert.setString(6, credential.target().host());
            insert.setString(7, credential.target().pathPrefix());
            insert.setString(8, credential.target().place());
            insert.setString(9, credential.target().placeName());
            insert.setString(10, credential.target().template());
            insert.setBytes(11, credential.sealed().bytes());
            insert.setString(12, keyId);
            insert.setString(13, credential.last4());
            insert.setLong(14, credential.version());
            insert.setTimestamp(15, timestamp(credential.expiresAt()));
            return insert.executeUpdate();
        });
    }

    /** Removes a credential; whether it was there. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean delete(String projectId, String provider) {
        return jdbc.prepareStatement("DELETE FROM credential WHERE project_id = ? AND provider = ?", delete -> {
                    delete.setString(1, projectId);
                    delete.setString(2, provider);
                    return delete.executeUpdate();
                })
                == 1;
    }

    /** Notes why this version cannot be used, or with null that it can. */
    @Transactional
    public void note(Credential credential, @Nullable String problem) {
        jdbc.prepareStatement("UPDATE credential SET problem = ? WHERE id = ? AND version = ?", update -> {
            update.setString(1, problem);
            update.setString(2, credential.id());
            update.setLong(3, credential.version());
            return update.executeUpdate();
        });
    }

    /** Ids of credentials whose data key another master key than this one wraps, in order, at most {@code limit} after {@code after}. */
    @Transactional
    public List<String> wrappedByOthers(String keyId, String after, int limit) {
        String sql = "SELECT id FROM credential WHERE key_id <> ? AND id > ? ORDER BY id LIMIT ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, keyId);
            select.setString(2, after);
            select.setInt(3, limit);
            List<String> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
            return ids;
        });
    }

    /** Wraps a credential's data key by the current master key; false if it is gone or does not open. */
    @Transactional
    public boolean rewrap(String id, Vault vault) {
        Optional<Credential> found = jdbc
                .prepareStatement("SELECT " + COLUMNS + " FROM credential WHERE id = ? FOR UPDATE", select -> {
                    select.setString(1, id);
                    return read(select);
                })
                .stream()
                .findFirst();
        if (found.isEmpty()) {
            return false;
        }
        byte[] rewrapped;
        try {
            rewrapped = found.get().rewrapped(vault);
        } catch (SealedSecretException e) {
            note(found.get(), e.getMessage());
            return false;
        }
        return jdbc.prepareStatement("UPDATE credential SET sealed = ?, key_id = ? WHERE id = ?", update -> {
                    update.setBytes(1, rewrapped);
                    update.setString(2, vault.currentKeyId());
                    update.setString(3, id);
                    return update.executeUpdate();
                })
                == 1;
    }

    /** How many credentials there are in all projects. */
    @Transactional
    public long count() {
        return jdbc.prepareStatement("SELECT count(*) FROM credential", CredentialStore::number);
    }

    /** How many of them this master key wraps. */
    @Transactional
    public long countWrappedBy(String keyId) {
        return jdbc.prepareStatement("SELECT count(*) FROM credential WHERE key_id = ?", select -> {
            select.setString(1, keyId);
            return number(select);
        });
    }

    private static long number(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<Credential> read(PreparedStatement select) throws SQLException {
        List<Credential> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(credential(row));
            }
        }
        return found;
    }

    private static Credential credential(ResultSet row) throws SQLException {
        return new Credential(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("provider"),
                row.getString("name"),
                AuthType.of(row.getString("auth_type")),
                new Target(
                        row.getString("host"),
                        row.getString("path_prefix"),
                        row.getString("place"),
                        row.getString("place_name"),
                        row.getString("template")),
                new Sealed(row.getBytes("sealed")),
                row.getString("last4"),
                row.getLong("version"),
                row.getString("problem"),
                instant(row.getTimestamp("expires_at")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }
}
