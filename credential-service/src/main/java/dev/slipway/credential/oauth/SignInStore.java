package dev.slipway.credential.oauth;

import dev.slipway.credential.vault.Vault;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** The table of sign-ins under way. Each is found only by the user who began it, in the same project. */
@Singleton
class SignInStore {
    private static final String COLUMNS =
            "id, project_id, user_id, flow, sealed, wish, interval_s, used_at, expires_at";

    private final JdbcOperations jdbc;
    private final ObjectMapper json;
    private final Vault vault;

    SignInStore(JdbcOperations jdbc, ObjectMapper json, Vault vault) {
        this.jdbc = jdbc;
        this.json = json;
        this.vault = vault;
    }

    /** Begins one; {@code secret} is sealed. */
    @Transactional
    void begin(SignInKey key, String secret, Wish wish, Duration interval, Duration lifetime) {
        byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
        byte[] sealed;
        try {
            sealed = vault.seal(SignIn.binding(key.projectId(), key.id()), bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        String sql = """
                INSERT INTO sign_in (id, project_id, user_id, flow, sealed, key_id, wish, interval_s, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, now() + ? * interval '1 millisecond')
                """;
        jdbc.prepareStatement(sql, insert -> {
            key.set(insert);
            insert.setBytes(5, sealed);
            insert.setString(6, vault.keyIdOf(sealed));
            insert.setString(7, write(wish));
            insert.setInt(8, (int) interval.toSeconds());
            insert.setLong(9, lifetime.toMillis());
            return insert.executeUpdate();
        });
    }

    /** Names one. */
    record SignInKey(String id, String projectId, String userId, String flow) {
        private void set(PreparedStatement statement) throws SQLException {
            statement.setString(1, id);
            statement.setString(2, projectId);
            statement.setString(3, userId);
            statement.setString(4, flow);
        }
    }

    /** How many this user has under way. */
    @Transactional
    int count(String projectId, String userId) {
        String sql = """
                SELECT count(*) FROM sign_in
                WHERE project_id = ? AND user_id = ? AND used_at IS NULL AND expires_at > now()
                """;
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, projectId);
            select.setString(2, userId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    @Transactional
    Optional<SignIn> find(SignInKey key) {
        String sql = "SELECT " + COLUMNS + " FROM sign_in WHERE id = ? AND project_id = ? AND user_id = ? AND flow = ?";
        return jdbc.prepareStatement(sql, select -> {
            key.set(select);
            return read(select);
        });
    }

    /** Takes the one use that there is; false if somebody had it before. */
    @Transactional
    boolean use(SignIn signIn) {
        return update("UPDATE sign_in SET used_at = now() WHERE id = ? AND used_at IS NULL", signIn);
    }

    /** Takes the turn to poll; false if it is too early. */
    @Transactional
    boolean takeTurn(SignIn signIn) {
        return update("""
                UPDATE sign_in SET poll_at = now() + interval_s * interval '1 second'
                WHERE id = ? AND poll_at <= now() AND used_at IS NULL
                """, signIn);
    }

    /** From now on polls are further apart. */
    @Transactional
    void slowDown(SignIn signIn, Duration interval) {
        String sql = """
                UPDATE sign_in SET interval_s = ?, poll_at = now() + ? * interval '1 second' WHERE id = ?
                """;
        jdbc.prepareStatement(sql, update -> {
            update.setLong(1, interval.toSeconds());
            update.setLong(2, interval.toSeconds());
            update.setString(3, signIn.id());
            return update.executeUpdate();
        });
    }

    /** Those that ended are kept for an hour, so that whoever comes late is told that it is late. */
    @Scheduled(fixedDelay = "10m", initialDelay = "10m")
    @Transactional
    void forget() {
        jdbc.prepareStatement(
                "DELETE FROM sign_in WHERE expires_at < now() - interval '1 hour'", PreparedStatement::executeUpdate);
    }

    private boolean update(String sql, SignIn signIn) {
        return jdbc.prepareStatement(sql, update -> {
                    update.setString(1, signIn.id());
                    return update.executeUpdate();
                })
                == 1;
    }

    private Optional<SignIn> read(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            Timestamp used = row.getTimestamp("used_at");
            Instant usedAt = used == null ? null : used.toInstant();
            return Optional.of(new SignIn(
                    row.getString("id"),
                    row.getString("project_id"),
                    row.getString("user_id"),
                    row.getString("flow"),
                    row.getBytes("sealed"),
                    Objects.requireNonNull(json.readValue(row.getString("wish"), Wish.class)),
                    row.getInt("interval_s"),
                    usedAt,
                    row.getTimestamp("expires_at").toInstant()));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored wish cannot be read", e);
        }
    }

    private String write(Wish wish) {
        try {
            return json.writeValueAsString(wish);
        } catch (IOException e) {
            throw new UncheckedIOException("a wish cannot be written", e);
        }
    }
}
