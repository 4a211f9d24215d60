package dev.slipway.credential.store;

import dev.slipway.credential.provider.Scope;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of credentials. */
@Singleton
public class CredentialStore {
    private static final String SELECT = "SELECT " + CredentialRow.COLUMNS + " FROM credential ";

    private final JdbcOperations jdbc;

    CredentialStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** The project's credential of this id, whosever it is. */
    @Transactional
    public Optional<Credential> find(String projectId, String id) {
        return one(SELECT + "WHERE project_id = ? AND id = ?", projectId, id);
    }

    /** The credential of this name: the user's, or with null the project's. */
    @Transactional
    public Optional<Credential> named(String projectId, String provider, @Nullable String userId) {
        String sql = SELECT + "WHERE project_id = ? AND provider = ? AND user_id IS NOT DISTINCT FROM ?";
        return one(sql, projectId, provider, userId);
    }

    /**
     * What a user may see, by name: the project's and the user's own, at most {@code limit} after a position.
     *
     * @param after name and id, parted by a blank; null for the first ones
     */
    @Transactional
    public List<Credential> visible(String projectId, String userId, @Nullable String after, int limit) {
        String[] position = (after == null ? " " : after).split(" ", 2);
        String sql = SELECT + """
                WHERE project_id = ? AND (user_id IS NULL OR user_id = ?) AND (provider, id) > (?, ?)
                ORDER BY provider, id LIMIT ?
                """;
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, projectId);
            select.setString(2, userId);
            select.setString(3, position[0]);
            select.setString(4, position.length < 2 ? "" : position[1]);
            select.setInt(5, limit);
            return CredentialRow.readAll(select);
        });
    }

    /** A user's own, at most {@code limit}. */
    @Transactional
    public List<Credential> personal(String projectId, String userId, int limit) {
        return jdbc.prepareStatement(
                SELECT + "WHERE project_id = ? AND user_id = ? ORDER BY provider LIMIT ?", select -> {
                    select.setString(1, projectId);
                    select.setString(2, userId);
                    select.setInt(3, limit);
                    return CredentialRow.readAll(select);
                });
    }

    /** All of a project, the project's own and everybody's, at most {@code limit}. */
    @Transactional
    public List<Credential> all(String projectId, int limit) {
        return jdbc.prepareStatement(SELECT + "WHERE project_id = ? ORDER BY provider, id LIMIT ?", select -> {
            select.setString(1, projectId);
            select.setInt(2, limit);
            return CredentialRow.readAll(select);
        });
    }

    /** The credential of this id in any project: for jobs, which know nothing else. */
    @Transactional
    public Optional<Credential> ofAnyProject(String id) {
        return one(SELECT + "WHERE id = ?", id);
    }

    /** Writes a credential; one with the same id is replaced, and its problems are forgotten. */
    @Transactional(propagation = Propagation.MANDATORY)
    void write(Credential credential) {
        jdbc.prepareStatement(CredentialRow.UPSERT, insert -> {
            CredentialRow.write(insert, credential);
            return insert.executeUpdate();
        });
    }

    /** Limits a credential anew. */
    @Transactional(propagation = Propagation.MANDATORY)
    void limit(String id, Scope scope) {
        String sql = """
                UPDATE credential SET workspaces = ?, agents = ?, methods = ?, paths = ?, updated_at = now() WHERE id = ?
                """;
        jdbc.prepareStatement(sql, update -> {
            CredentialRow.write(update, 1, scope);
            update.setString(5, id);
            return update.executeUpdate();
        });
    }

    /** Removes a credential. */
    @Transactional(propagation = Propagation.MANDATORY)
    void delete(String id) {
        jdbc.prepareStatement("DELETE FROM credential WHERE id = ?", delete -> {
            delete.setString(1, id);
            return delete.executeUpdate();
        });
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

    /** Notes how the next token of this version is to come; false if it is no longer that version. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean note(Credential credential, Renewal renewal) {
        String sql = """
                UPDATE credential SET refresh_failures = ?, refresh_problem = ?, refresh_at = ?
                WHERE id = ? AND version = ?
                """;
        return jdbc.prepareStatement(sql, update -> {
                    update.setInt(1, renewal.failures());
                    update.setString(2, renewal.problem());
                    update.setTimestamp(3, CredentialRow.timestamp(renewal.at()));
                    update.setString(4, credential.id());
                    update.setLong(5, credential.version());
                    return update.executeUpdate();
                })
                == 1;
    }

    /**
     * Ids of credentials to be sealed anew: those whose data key another master key than this one wraps or was made before
     * {@code madeBefore}; in order, at most {@code limit} after {@code after}.
     */
    @Transactional
    public List<String> outdated(String keyId, Instant madeBefore, String after, int limit) {
        String sql = "SELECT id FROM credential WHERE (key_id <> ? OR keyed_at < ?) AND id > ? ORDER BY id LIMIT ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, keyId);
            select.setTimestamp(2, CredentialRow.timestamp(madeBefore));
            select.setString(3, after);
            select.setInt(4, limit);
            List<String> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
            return ids;
        });
    }

    /**
     * Seals a credential's secrets with fresh data keys and the current master key; false if it is gone or does not open. The row
     * is not locked while the key service works: if it was changed meanwhile, that change was sealed with the current key anyway.
     */
    public boolean renew(String id, Vault vault) {
        Optional<Credential> found = ofAnyProject(id);
        if (found.isEmpty()) {
            return false;
        }
        Credential old = found.get();
        byte[] sealed;
        byte[] refresh;
        try {
            sealed = old.renewed(vault);
            refresh = old.renewedRefresh(vault);
        } catch (SealedSecretException e) {
            note(old, e.getMessage());
            return false;
        }
        return replace(old, sealed, refresh, vault.keyIdOf(sealed));
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

    /** How many data keys were made before. */
    @Transactional
    public long countKeyedBefore(Instant madeBefore) {
        return jdbc.prepareStatement("SELECT count(*) FROM credential WHERE keyed_at < ?", select -> {
            select.setTimestamp(1, CredentialRow.timestamp(madeBefore));
            return number(select);
        });
    }

    @Transactional
    boolean replace(Credential old, byte[] sealed, byte @Nullable [] refresh, String keyId) {
        String sql = """
                UPDATE credential SET sealed = ?, sealed_refresh = ?, key_id = ?, keyed_at = now()
                WHERE id = ? AND version = ? AND sealed = ?
                """;
        return jdbc.prepareStatement(sql, update -> {
                    update.setBytes(1, sealed);
                    update.setBytes(2, refresh);
                    update.setString(3, keyId);
                    update.setString(4, old.id());
                    update.setLong(5, old.version());
                    update.setBytes(6, old.sealed().bytes());
                    return update.executeUpdate();
                })
                == 1;
    }

    private Optional<Credential> one(String sql, @Nullable String... parameters) {
        return jdbc
                .prepareStatement(sql, select -> {
                    for (int i = 0; i < parameters.length; i++) {
                        select.setString(i + 1, parameters[i]);
                    }
                    return CredentialRow.readAll(select);
                })
                .stream()
                .findFirst();
    }

    private static long number(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
