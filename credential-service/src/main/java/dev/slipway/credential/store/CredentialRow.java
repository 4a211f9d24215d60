package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Scope;
import dev.slipway.credential.provider.Target;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A credential as a row. */
final class CredentialRow {
    /** What {@link #read} needs. */
    static final String COLUMNS = """
            id, project_id, user_id, provider, kind, name, auth_type, host, path_prefix, place, place_name, template, account,
            workspaces, agents, methods, paths, sealed, sealed_refresh, key_id, last4, public_key, version, problem,
            refresh_failures, refresh_problem, refresh_at, expires_at, created_at, updated_at
            """;

    static final String UPSERT = """
            INSERT INTO credential (id, project_id, user_id, provider, kind, name, auth_type, host, path_prefix, place,
                place_name, template, account, workspaces, agents, methods, paths, sealed, sealed_refresh, key_id, last4,
                public_key, version, refresh_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE
            SET kind = EXCLUDED.kind, name = EXCLUDED.name, auth_type = EXCLUDED.auth_type, host = EXCLUDED.host,
                path_prefix = EXCLUDED.path_prefix, place = EXCLUDED.place, place_name = EXCLUDED.place_name,
                template = EXCLUDED.template, account = EXCLUDED.account, workspaces = EXCLUDED.workspaces,
                agents = EXCLUDED.agents, methods = EXCLUDED.methods, paths = EXCLUDED.paths, sealed = EXCLUDED.sealed,
                sealed_refresh = EXCLUDED.sealed_refresh, key_id = EXCLUDED.key_id, last4 = EXCLUDED.last4,
                public_key = EXCLUDED.public_key, version = EXCLUDED.version, refresh_at = EXCLUDED.refresh_at,
                expires_at = EXCLUDED.expires_at, refresh_failures = 0, refresh_problem = NULL, problem = NULL,
                updated_at = now(), keyed_at = now()
            """;

    private CredentialRow() {}

    static List<Credential> readAll(PreparedStatement select) throws SQLException {
        List<Credential> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(read(row));
            }
        }
        return found;
    }

    /** Sets the parameters of {@link #UPSERT}. */
    static void write(PreparedStatement insert, Credential credential) throws SQLException {
        Target target = credential.target();
        Scope scope = credential.scope();
        Sealed refresh = credential.refresh();
        int next = 1;
        for (String text : new @Nullable String[] {
            credential.id(),
            credential.projectId(),
            credential.userId(),
            credential.provider(),
            credential.kind().wireName(),
            credential.name(),
            credential.type().wireName(),
            target.host(),
            target.pathPrefix(),
            target.place(),
            target.placeName(),
            target.template(),
            target.account()
        }) {
            insert.setString(next++, text);
        }
        next = write(insert, next, scope);
        insert.setBytes(next++, credential.sealed().bytes());
        insert.setBytes(next++, refresh == null ? null : refresh.bytes());
        insert.setString(next++, credential.keyId());
        insert.setString(next++, credential.last4());
        insert.setString(next++, credential.publicKey());
        insert.setLong(next++, credential.version());
        insert.setTimestamp(next++, timestamp(credential.renewal().at()));
        insert.setTimestamp(next, timestamp(credential.expiresAt()));
    }

    /** Sets four parameters from this one on; the answer is the one after them. */
    static int write(PreparedStatement statement, int first, Scope scope) throws SQLException {
        int next = first;
        for (List<String> list : List.of(scope.workspaces(), scope.agents(), scope.methods(), scope.paths())) {
            statement.setArray(next++, statement.getConnection().createArrayOf("text", list.toArray()));
        }
        return next;
    }

    static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }

    private static Credential read(ResultSet row) throws SQLException {
        byte[] refresh = row.getBytes("sealed_refresh");
        return new Credential(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("user_id"),
                row.getString("provider"),
                Provider.named(row.getString("kind")).orElse(Provider.CUSTOM),
                row.getString("name"),
                AuthType.of(row.getString("auth_type")),
                new Target(
                        row.getString("host"),
                        row.getString("path_prefix"),
                        row.getString("place"),
                        row.getString("place_name"),
                        row.getString("template"),
                        row.getString("account")),
                new Scope(
                        texts(row.getArray("workspaces")),
                        texts(row.getArray("agents")),
                        texts(row.getArray("methods")),
                        texts(row.getArray("paths"))),
                new Sealed(row.getBytes("sealed")),
                refresh == null ? null : new Sealed(refresh),
                row.getString("key_id"),
                row.getString("last4"),
                row.getString("public_key"),
                row.getLong("version"),
                row.getString("problem"),
                new Renewal(
                        row.getInt("refresh_failures"),
                        row.getString("refresh_problem"),
                        instant(row.getTimestamp("refresh_at"))),
                instant(row.getTimestamp("expires_at")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
