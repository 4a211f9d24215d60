package dev.slipway.gateway.user;

import dev.slipway.gateway.door.ClientOrigin;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;

/** The cookie of a login session: unreadable to scripts, not sent along by other sites' requests, and over TLS only if it came so. */
public final class SessionCookies {
    private SessionCookies() {}

    /** The cookie of a session that begins. */
    public static Cookie of(HttpRequest<?> request, String value) {
        return Cookie.of(Identities.COOKIE, value)
                .path("/")
                .httpOnly(true)
                .sameSite(SameSite.Lax)
                .secure(ClientOrigin.of(request).secure())
                .maxAge(LoginService.SESSION_LIFETIME.toSeconds());
    }

    /** The cookie that takes it back. */
    static Cookie none(HttpRequest<?> request) {
        return of(request, "").maxAge(0);
    }
}
