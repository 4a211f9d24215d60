package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.gateway.user.Visitor.Scope;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
                    .map(user -> new Visitor(user, Proof.ANONYMOUS, Scope.ADMIN));
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
                        + "AND (t.expires_at IS NULL OR t.expires_at > ?) RETURNING t.scopes, " + User.COLUMNS,
                row -> new Visitor(
                        User.read(row),
                        Proof.API_TOKEN,
                        Scope.valueOf(row.getString("scopes").toUpperCase(Locale.ROOT))),
                SecretHash.of(token),
                clock.instant());
    }

    private Optional<Visitor> byAccessToken(String token) {
        return accessTokens
                .subject(token)
                .flatMap(id -> database.first(
                        "SELECT " + User.COLUMNS + " FROM account a WHERE a.id = ? AND a.disabled_at IS NULL",
                        User::read,
                        id))
                .map(user -> new Visitor(user, Proof.ACCESS_TOKEN, Scope.ADMIN));
    }

    private Optional<Visitor> byCookie(String cookie) {
        return database.first(
                        "SELECT " + User.COLUMNS + " FROM login_session s JOIN account a ON a.id = s.account_id "
                                + "WHERE s.token_hash = ? AND s.expires_at > ? AND a.disabled_at IS NULL",
                        User::read,
                        SecretHash.of(cookie),
                        clock.instant())
                .map(user -> new Visitor(user, Proof.COOKIE, Scope.ADMIN));
    }
}
