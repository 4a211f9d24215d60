package dev.slipway.gateway.login;

import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.SecretHash;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Keeps logins that are away. In the database, since another replica may see them come back; each comes back once. */
@Singleton
class LoginFlows {
    /** How long a login may be away. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Database database;
    private final Clock clock;

    LoginFlows(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Keeps a flow; the answer is the key, for the browser alone. */
    String keep(LoginFlow flow) {
        String key = SecretHash.newSecret();
        database.change(
                """
                INSERT INTO login_flow (key_hash, provider, state, nonce, code_verifier, return_path, invite_code,
                                        link_account_id, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                SecretHash.of(key),
                flow.provider(),
                flow.state(),
                flow.nonce(),
                flow.codeVerifier(),
                flow.returnPath(),
                flow.inviteCode(),
                flow.linkTo(),
                clock.instant().plus(LIFETIME));
        return key;
    }

    /** Takes out the flow that this key is of; empty the second time, for another provider, and when it took too long. */
    Optional<LoginFlow> take(String key, String provider) {
        return database.first(
                "DELETE FROM login_flow WHERE key_hash = ? AND provider = ? AND expires_at > ? RETURNING *",
                LoginFlows::read,
                SecretHash.of(key),
                provider,
                clock.instant());
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "5m")
    void sweep() {
        database.change("DELETE FROM login_flow WHERE expires_at < ?", clock.instant());
    }

    private static LoginFlow read(ResultSet row) throws SQLException {
        return new LoginFlow(
                row.getString("provider"),
                row.getString("state"),
                row.getString("nonce"),
                row.getString("code_verifier"),
                row.getString("return_path"),
                row.getString("invite_code"),
                row.getString("link_account_id"));
    }
}
