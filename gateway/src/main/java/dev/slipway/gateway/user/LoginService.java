package dev.slipway.gateway.user;

import dev.slipway.gateway.door.ClientOrigin;
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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registers users, logs them in and out, and renews what they are known by. */
@Singleton
public class LoginService {
    /** How long a login lasts. */
    static final Duration SESSION_LIFETIME = Duration.ofDays(30);

    private static final String PASSWORD = "password";
    private static final int ATTEMPTS_MAX = 10;
    private static final Duration ATTEMPTS_WINDOW = Duration.ofMinutes(15);

    private final AuthSettings settings;
    private final Database database;
    private final AccessTokens accessTokens;
    private final InviteCodes inviteCodes;
    private final Clock clock;

    LoginService(
            AuthSettings settings, Database database, AccessTokens accessTokens, InviteCodes inviteCodes, Clock clock) {
        this.settings = settings;
        this.database = database;
        this.accessTokens = accessTokens;
        this.inviteCodes = inviteCodes;
        this.clock = clock;
    }

    /** What a login gives: {@code cookie} and {@code refresh} are told this once. */
    public record Login(User user, String access, String refresh, String cookie, String provider) {
        @Override
        public String toString() {
            return "Login[" + user.id() + "]";
        }
    }

    /** What somebody registers with. */
    record NewUser(
            String username,
            String email,
            String password,
            String code,
            @Nullable String displayName) {
        @Override
        public String toString() {
            return "NewUser[" + username + "]";
        }
    }

    private record Account(User user, @Nullable String passwordHash) {
        @Override
        public String toString() {
            return "Account[" + user.id() + "]";
        }
    }

    /** Makes a user with one use of an invite code; both or neither. The very first user may use the bootstrap code. */
    @Transactional
    Login register(NewUser wanted, ClientOrigin origin) {
        requireEnabled();
        boolean admin = isBootstrap(wanted.code());
        if (!admin) {
            inviteCodes.use(wanted.code());
        }
        String name = wanted.displayName();
        User user = new User(
                Ids.text(),
                wanted.username(),
                wanted.email().toLowerCase(Locale.ROOT),
                name == null || name.isBlank() ? wanted.username() : name.strip(),
                admin);
        int made = database.change(
                """
                INSERT INTO account (id, username, email, display_name, password_hash, system_admin)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                user.id(),
                user.username(),
                user.email(),
                user.displayName(),
                Passwords.hash(wanted.password()),
                admin);
        if (made == 0) {
            // Rolls back, which gives the code's use back.
            throw ProblemException.conflict("taken", "This user name or e-mail address is taken.");
        }
        return open(user, PASSWORD, origin);
    }

    /** Logs in; 401 without saying whether name or password was wrong, 429 after too many failures of the account or address. */
    @Transactional
    Login login(String username, String password, ClientOrigin origin) {
        requireEnabled();
        String account = "account:" + username.toLowerCase(Locale.ROOT);
        String from = "address:" + origin.address();
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
        return open(found.orElseThrow().user(), PASSWORD, origin);
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
                "SELECT s.provider, " + User.COLUMNS + " FROM login_session s JOIN account a ON a.id = s.account_id "
                        + "WHERE s.id = ? AND s.expires_at > ? AND a.disabled_at IS NULL",
                row -> {
                    User user = User.read(row);
                    return new Login(
                            user,
                            accessTokens.issue(user, known.get().family()),
                            newRefresh(user, known.get().family()),
                            "",
                            row.getString("provider"));
                },
                known.get().family(),
                clock.instant());
    }

    /** Ends the login that this cookie is of, and all tokens that came of it. */
    @Transactional
    void logout(String cookie) {
        database.change("""
                WITH ended AS (DELETE FROM login_session WHERE token_hash = ? RETURNING id)
                DELETE FROM refresh_token WHERE family IN (SELECT id FROM ended)
                """, (Object) SecretHash.of(cookie));
    }

    /** Begins a login session of a user who has shown who it is. The session's id is the family of its refresh tokens. */
    @Transactional
    public Login open(User user, String provider, ClientOrigin origin) {
        String id = Ids.text();
        String cookie = SecretHash.newSecret();
        Instant now = clock.instant();
        database.change(
                """
                INSERT INTO login_session (id, account_id, token_hash, provider, user_agent, address, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                id,
                user.id(),
                SecretHash.of(cookie),
                provider,
                origin.userAgent(),
                origin.address(),
                now.plus(SESSION_LIFETIME));
        database.change("UPDATE account SET last_login_at = ? WHERE id = ?", now, user.id());
        return new Login(user, accessTokens.issue(user, id), newRefresh(user, id), cookie, provider);
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

    /** Counted in the database: whoever guesses must not get a fresh count from each replica or start. */
    private void throttle(String subject) {
        Instant since = clock.instant().minus(ATTEMPTS_WINDOW);
        // The tenth last failure decides when there are fewer than ten again.
        database.first(
                        "SELECT at FROM login_attempt WHERE subject = ? AND at > ? ORDER BY at DESC OFFSET ? LIMIT 1",
                        row -> Objects.requireNonNull(Database.instant(row, "at")),
                        subject,
                        since,
                        ATTEMPTS_MAX - 1)
                .ifPresent(at -> {
                    throw ProblemException.tooMany(
                            "Too many failed logins of this account or from your address.",
                            Duration.between(since, at).plusSeconds(1));
                });
    }

    /** Ends the request with 409 where there is no login. */
    public void requireEnabled() {
        if (!settings.enabled()) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "login-off",
                    "Login is off (AUTH_ENABLED=false); everyone is the anonymous user.");
        }
    }
}
