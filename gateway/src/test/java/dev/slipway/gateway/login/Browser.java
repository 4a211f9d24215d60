package dev.slipway.gateway.login;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Keeps cookies as a browser does, and follows redirects only when told to. */
final class Browser {
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();

    /** Who is sitting in front of it, for the certified provider. */
    Browser usedBy(String user) {
        HttpCookie cookie = new HttpCookie("test-user", user);
        cookie.setVersion(0);
        cookie.setPath("/");
        cookies.getCookieStore().add(URI.create("http://127.0.0.1/"), cookie);
        return this;
    }

    HttpResponse<String> get(URI address) throws Exception {
        return send(HttpRequest.newBuilder(address));
    }

    HttpResponse<String> post(URI address, String json, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Where an answer sends the browser. */
    static URI target(HttpResponse<String> answer) {
        String location = answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no redirect: " + answer.statusCode() + " " + answer.body()));
        return answer.uri().resolve(location);
    }

    /** Follows redirects until one leads to a path that starts like this; that address has not been opened yet. */
    URI followTo(URI address, String path) throws Exception {
        URI next = address;
        for (int hops = 0; hops < 12; hops++) {
            if (next.getPath().startsWith(path)) {
                return next;
            }
            next = target(get(next));
        }
        throw new AssertionError("never came to " + path + ", in the end " + next);
    }

    Optional<HttpCookie> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findFirst();
    }

    /** Puts a cookie back that was taken away. */
    void keep(HttpCookie cookie) {
        cookies.getCookieStore().add(URI.create("http://127.0.0.1/auth/callback/"), cookie);
    }
}
