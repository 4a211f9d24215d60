package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.gateway.user.Visitor.Scope;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a request shows into a user. Asks the database, so it is called from a virtual thread. */
@Singleton
public class Identities {
    /** The cookie of a login session. */
    public static final String COOKIE = "slipway_session";

    /** What API tokens begin with. */
    public static final String TOKEN_PREFIX = "slp_";

    private static final Pattern COOKIE_VALUE =
            Pattern.compile("(?:^|;)\\s*" + COOKIE + "=\"?([A-Za-z0-9_-]{20,100})\"?\\s*(?=;|$)");

    private final AuthSettings settings;
    private final AccessTokens accessTokens;
    private final Database database;
    private final Clock clock;

    Identities(AuthSettings settings, AccessTokens accessTokens, Database database, Clock clock) {
        this.settings = settings;
        this.accessTokens = accessTokens;
        this.database = database;
        this.clock = clock;
    }

    /** Whether everyone is the anonymous user. */
    public boolean anonymous() {
        return !settings.enabled();
    }

    /**
     * Who the headers show; empty for nobody. An {@code Authorization} header counts before the cookie, and a bad one is not
     * made good by a cookie.
     */
    public Optional<Visitor> visitor(List<String> authorization, List<String> cookies) {
        if (anonymous()) {
            return database.first(
                            "SELECT " + User.COLUMNS + " FROM account a WHERE a.id = ?", User::read, User.ANONYMOUS_ID)
                    .map(user -> new Visitor(user, Proof.ANONYMOUS, Scope.ADMIN, null, "anonymous"));
        }
        if (!authorization.isEmpty()) {
            return BearerToken.parse(authorization).flatMap(this::byToken);
        }
        return sessionCookie(cookies).flatMap(this::byCookie);
    }

    /** The value of the session cookie; empty if there is none, or more than one. */
    public static Optional<String> sessionCookie(List<String> cookies) {
        String found = null;
        for (String header : cookies) {
            Matcher matcher = COOKIE_VALUE.matcher(header);
            while (matcher.find()) {
                if (found != null) {
                    return Optional.empty();
                }
                found = matcher.group(1);
            }
        }
        return Optional.ofNullable(found);
    }

    private Optional<Visitor> byToken(String token) {
        return token.startsWith(TOKEN_PREFIX) ? byApiToken(token) : byAccessToken(token);
    }

    private Optional<Visitor> byApiToken(String token) {
        return database.first(
                "UPDATE api_token t SET last_used_at = now() FROM account a "
                        + "WHERE t.token_hash = ? AND a.id = t.account_id AND a.disabled_at IS NULL "
                        + "AND (t.expires_at IS NULL OR t.expires_at > ?) RETURNING t.scopes, t.id AS token_id, "
                        + User.COLUMNS,
                row -> new Visitor(
                        User.read(row),
                        Proof.API_TOKEN,
                        Scope.valueOf(row.getString("scopes").toUpperCase(Locale.ROOT)),
                        row.getString("token_id"),
                        "token"),
                SecretHash.of(token),
                clock.instant());
    }

    private Optional<Visitor> byAccessToken(String token) {
        return accessTokens
                .claims(token)
                .flatMap(claims -> bySession(
                        Proof.ACCESS_TOKEN, "s.id = ? AND s.account_id = ?", claims.sessionId(), claims.userId()));
    }

    private Optional<Visitor> byCookie(String cookie) {
        return bySession(Proof.COOKIE, "s.token_hash = ?", SecretHash.of(cookie));
    }

    /** A session that was ended, or whose user is disabled, counts no more from that moment, whatever was made of it. */
    private Optional<Visitor> bySession(Proof proof, String condition, Object... values) {
        @Nullable Object[] all = Arrays.copyOf(values, values.length + 1);
        all[values.length] = clock.instant();
        return database.first(
                "SELECT s.id AS session_id, s.provider, " + User.COLUMNS + " FROM login_session s "
                        + "JOIN account a ON a.id = s.account_id "
                        + "WHERE " + condition + " AND s.expires_at > ? AND a.disabled_at IS NULL",
                row -> new Visitor(
                        User.read(row), proof, Scope.ADMIN, row.getString("session_id"), row.getString("provider")),
                all);
    }
}
