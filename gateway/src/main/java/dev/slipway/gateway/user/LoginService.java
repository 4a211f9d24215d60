package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registers users, logs them in and out, and renews what they are known by. */
@Singleton
public class LoginService {
    /** How long a login lasts. */
    static final Duration SESSION_LIFETIME = Duration.ofDays(30);

    private static final int ATTEMPTS_MAX = 10;

    private final AuthSettings settings;
    private final Database database;
    private final AccessTokens accessTokens;
    private final Clock clock;

    LoginService(AuthSettings settings, Database database, AccessTokens accessTokens, Clock clock) {
        this.settings = settings;
        this.database = database;
        this.accessTokens = accessTokens;
        this.clock = clock;
    }

    /** What a login gives: {@code cookie} and {@code refresh} are told this once. */
    record Login(User user, String access, String refresh, String cookie) {}

    private record Account(User user, @Nullable String passwordHash) {}

    /** Makes a user with one use of an invite code; both or neither. The very first user may use the bootstrap code. */
    @Transactional
    Login register(String username, String email, String password, String code, @Nullable String displayName) {
        requireEnabled();
        boolean admin = isBootstrap(code);
        if (!admin && database.change("""
                        UPDATE invite_code SET uses = uses + 1
                        WHERE code_hash = ? AND uses < uses_max AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > now())
                        """, SecretHash.of(code)) == 0) {
            throw ProblemException.invalid("inviteCode", "unknown, used up or expired. Ask for a new one.");
        }
        String id = Ids.text();
        int made = database.change(
                """
                INSERT INTO account (id, username, email, display_name, password_hash, system_admin)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                id,
                username,
                email.toLowerCase(Locale.ROOT),
                displayName == null || displayName.isBlank() ? username : displayName.strip(),
                Passwords.hash(password),
                admin);
        if (made == 0) {
            // Rolls back, which gives the code's use back.
            throw ProblemException.conflict("taken", "This user name or e-mail address is taken.");
        }
        return open(new User(id, username, email, username, admin));
    }

    /** Logs in; 401 without saying whether name or password was wrong, 429 after too many failures of the account or address. */
    @Transactional
    Login login(String username, String password, String address) {
        requireEnabled();
        String account = "account:" + username.toLowerCase(Locale.ROOT);
        String from = "address:" + address;
        throttle(account);
        throttle(from);
        Optional<Account> found = database.first(
                "SELECT a.password_hash, " + User.COLUMNS + " FROM account a WHERE lower(a.username) = lower(?) "
                        + "AND a.disabled_at IS NULL",
                row -> new Account(User.read(row), row.getString("password_hash")),
                username);
        if (!Passwords.matches(password, found.map(Account::passwordHash).orElse(null))) {
            throw new WrongPasswordException(account, from);
        }
        return open(found.orElseThrow().user());
    }

    /** Remembers a failure; in a transaction of its own, since the login's own is rolled back. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    void noteFailure(WrongPasswordException failure) {
        failure.subjects()
                .forEach(subject -> database.change("INSERT INTO login_attempt (subject) VALUES (?)", subject));
        database.change("DELETE FROM login_attempt WHERE at < now() - interval '1 hour'");
    }

    /** A new pair for a refresh token; one that was used before ends all that came of its login. */
    @Transactional
    Optional<Login> refresh(String token) {
        requireEnabled();
        record Known(String family, String accountId, boolean used) {}
        Optional<Known> known = database.first(
                "SELECT * FROM refresh_token WHERE token_hash = ? AND expires_at > now() FOR UPDATE",
                row -> new Known(
                        row.getString("family"), row.getString("account_id"), Database.instant(row, "used_at") != null),
                SecretHash.of(token));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        if (known.get().used()) {
            database.change(
                    "DELETE FROM refresh_token WHERE family = ?", known.get().family());
            return Optional.empty();
        }
        database.change("UPDATE refresh_token SET used_at = now() WHERE token_hash = ?", (Object) SecretHash.of(token));
        return database.first(
                        "SELECT " + User.COLUMNS + " FROM account a WHERE a.id = ? AND a.disabled_at IS NULL",
                        User::read,
                        known.get().accountId())
                .map(user -> new Login(
                        user,
                        accessTokens.issue(user),
                        newRefresh(user, known.get().family()),
                        ""));
    }

    /** Ends the login that this cookie is of. */
    @Transactional
    void logout(String cookie) {
        database.change("DELETE FROM login_session WHERE token_hash = ?", (Object) SecretHash.of(cookie));
    }

    private Login open(User user) {
        String cookie = SecretHash.newSecret();
        database.change(
                "INSERT INTO login_session (id, account_id, token_hash, expires_at) VALUES (?, ?, ?, ?)",
                Ids.text(),
                user.id(),
                SecretHash.of(cookie),
                expiry());
        return new Login(user, accessTokens.issue(user), newRefresh(user, Ids.text()), cookie);
    }

    private String newRefresh(User user, String family) {
        String refresh = SecretHash.newSecret();
        database.change(
                "INSERT INTO refresh_token (token_hash, family, account_id, expires_at) VALUES (?, ?, ?, ?)",
                SecretHash.of(refresh),
                family,
                user.id(),
                expiry());
        return refresh;
    }

    private Instant expiry() {
        return clock.instant().plus(SESSION_LIFETIME);
    }

    private boolean isBootstrap(String code) {
        boolean right = !settings.bootstrapCode().isBlank()
                && MessageDigest.isEqual(SecretHash.of(code), SecretHash.of(settings.bootstrapCode()));
        if (!right) {
            return false;
        }
        // Two first users at the same moment would both be the first.
        database.change("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE");
        return database.first("SELECT 1 FROM account WHERE id <> ? LIMIT 1", row -> row.getInt(1), User.ANONYMOUS_ID)
                .isEmpty();
    }

    private void throttle(String subject) {
        int failures = database.first(
                        "SELECT count(*) FROM login_attempt WHERE subject = ? AND at > now() - interval '15 minutes'",
                        row -> row.getInt(1),
                        subject)
                .orElse(0);
        if (failures >= ATTEMPTS_MAX) {
            throw ProblemException.of(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too-many",
                    "Too many failed logins. Wait 15 minutes before the next.");
        }
    }

    private void requireEnabled() {
        if (!settings.enabled()) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "login-off",
                    "Login is off (AUTH_ENABLED=false); everyone is the anonymous user.");
        }
    }
}
