package dev.slipway.gateway.door;

import dev.slipway.gateway.status.ApiDocs;
import dev.slipway.kit.telemetry.RequestIds;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Optional;

/** What stands on every answer, whoever made it. */
final class EdgeHeaders {
    private static final String UI_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
            + "frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
    private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";

    /** The API's description: a page without a script, whose style is in it. */
    private static final String DOCS_POLICY = "default-src 'none'; style-src '" + ApiDocs.STYLE_HASH
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** A page out of a sandbox gets an origin of its own, so that it can do nothing with the visitor's login. */
    private static final String PREVIEW_POLICY =
            "sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads";

    private EdgeHeaders() {}

    static void stamp(HttpResponse response, String requestId, Kind kind, Optional<String> sharedWith) {
        HttpHeaders headers = response.headers();
        headers.set(RequestIds.HEADER, requestId);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "same-origin");
        switch (kind) {
            case UI -> {
                headers.set("Content-Security-Policy", UI_POLICY);
                headers.set("Cross-Origin-Opener-Policy", "same-origin");
            }
            case API -> {
                headers.set("Content-Security-Policy", API_POLICY);
                if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
                    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
                }
            }
            case DOCS -> headers.set("Content-Security-Policy", DOCS_POLICY);
            case PREVIEW -> headers.add("Content-Security-Policy", PREVIEW_POLICY);
            case PREVIEW_BY_TICKET -> {
                headers.add("Content-Security-Policy", PREVIEW_POLICY);
                // The page is of no origin, so even its own files are another's to it. The ticket says who may have
                // them.
                headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            }
            case PREVIEW_APART -> headers.set("Cross-Origin-Opener-Policy", "same-origin");
        }
        sharedWith.ifPresent(origin -> {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            headers.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Retry-After, X-Request-Id, Location");
            headers.add(HttpHeaderNames.VARY, "Origin");
        });
    }

    /** Who made the answer. */
    enum Kind {
        UI,
        API,
        DOCS,
        /** A sandbox, to somebody who is logged in. */
        PREVIEW,
        /** A sandbox, to a page of its own. */
        PREVIEW_BY_TICKET,
        /** A sandbox, on an origin that holds nothing else. */
        PREVIEW_APART
    }
}
