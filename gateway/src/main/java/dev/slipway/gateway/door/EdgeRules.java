package dev.slipway.gateway.door;

import dev.slipway.gateway.user.Identities;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps other web pages from driving Slipway through their visitor's browser. Without login nothing but these rules stands
 * between a page on the internet and a shell on this machine, so there they hold for every request: the {@code Host} must be
 * ours (a page may point its own name at 127.0.0.1) and the {@code Origin} must be too.
 */
@Singleton
class EdgeRules {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");
    private static final Pattern PORT = Pattern.compile(":\\d+$");

    private final boolean anonymous;
    private final Set<String> origins;
    private final Set<String> hosts;

    EdgeRules(EdgeSettings settings, Identities identities) {
        this.anonymous = identities.anonymous();
        this.origins = settings.origins();
        this.hosts = settings.hostNames();
    }

    /** Ends a request that no user's rights could save. Asks nobody, so it may run on an event loop. */
    void screen(Knock knock) {
        if (!hostIsOurs(knock)) {
            throw ProblemException.of(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "misdirected",
                    "This Slipway is not known by that host name. Use localhost, or name the host in SLIPWAY_HOSTS.");
        }
        boolean guarded = anonymous || !knock.safe() || knock.webSocket();
        // A confined preview is of no origin at all; what it asks for shows a ticket instead.
        if (guarded && isForeign(knock) && !PreviewTickets.isShownIn(knock.path())) {
            throw foreign();
        }
    }

    /** Ends an unsafe request or WebSocket whose user is known by a cookie alone unless a page of ours sent it. */
    void screenCookie(Knock knock) {
        if (knock.safe() && !knock.webSocket()) {
            return;
        }
        boolean ours = knock.one("Origin").isPresent()
                || knock.one("Sec-Fetch-Site").filter("same-origin"::equals).isPresent();
        if (!ours || isForeign(knock)) {
            throw foreign();
        }
    }

    /** The origin to name in the answer so that a page of another, allowed one may read it. */
    Optional<String> sharedWith(Knock knock) {
        return knock.one("Origin").filter(origin -> origins.contains(origin.toLowerCase(Locale.ROOT)));
    }

    private boolean hostIsOurs(Knock knock) {
        if (!anonymous && hosts.isEmpty()) {
            return true;
        }
        if (knock.path().startsWith("/health")) {
            return true;
        }
        String host = PORT.matcher(knock.one("Host").orElse("").toLowerCase(Locale.ROOT))
                .replaceFirst("");
        return hosts.contains(host) || LOOPBACK.matcher(host).matches();
    }

    private boolean isForeign(Knock knock) {
        List<String> given = knock.all("Origin");
        if (!given.isEmpty()) {
            return given.size() > 1 || !isAllowed(given.getFirst().toLowerCase(Locale.ROOT), knock);
        }
        String site = knock.one("Sec-Fetch-Site").orElse("none");
        if (site.equals("none") || site.equals("same-origin")) {
            return false;
        }
        // A link on another page may open the user interface; it may not call anything.
        boolean opensPage = knock.one("Sec-Fetch-Mode")
                        .filter("navigate"::equals)
                        .isPresent()
                && knock.one("Sec-Fetch-Dest").filter("document"::equals).isPresent()
                && knock.method().equals("GET")
                && !knock.underApi();
        return !opensPage;
    }

    private boolean isAllowed(String origin, Knock knock) {
        if (origins.contains(origin)) {
            return true;
        }
        String host = knock.one("Host").orElse("").toLowerCase(Locale.ROOT);
        return !host.isEmpty() && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    private static ProblemException foreign() {
        return ProblemException.of(
                HttpStatus.FORBIDDEN,
                "foreign-origin",
                "A page of another origin may not do this. Add the origin to CORS_ORIGINS if it is meant to.");
    }
}
