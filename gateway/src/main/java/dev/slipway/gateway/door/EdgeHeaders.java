package dev.slipway.gateway.door;

import dev.slipway.gateway.status.ApiDocs;
import dev.slipway.kit.telemetry.RequestIds;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.util.Optional;

/** What stands on every answer, whoever made it. */
final class EdgeHeaders {
    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("x-content-type-options");
    private static final AsciiString NOSNIFF = AsciiString.cached("nosniff");
    private static final AsciiString SAME_ORIGIN = AsciiString.cached("same-origin");
    private static final AsciiString REFERRER_POLICY = AsciiString.cached("referrer-policy");
    private static final AsciiString OPENER_POLICY = AsciiString.cached("cross-origin-opener-policy");
    private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);
    private static final AsciiString UI_POLICY = AsciiString.cached(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                    + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
                    + "frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
    private static final AsciiString API_POLICY = AsciiString.cached("default-src 'none'; frame-ancestors 'none'");

    /** The API's description: a page without a script, whose style is in it. */
    private static final String DOCS_POLICY = "default-src 'none'; style-src '" + ApiDocs.STYLE_HASH
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** A page out of a sandbox gets an origin of its own, so that it can do nothing with the visitor's login. */
    private static final String PREVIEW_POLICY =
            "sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads";

    private EdgeHeaders() {}

    static void stamp(HttpResponse response, String requestId, Kind kind, Optional<String> sharedWith) {
        HttpHeaders headers = response.headers();
        headers.set(REQUEST_ID, requestId);
        headers.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.set(REFERRER_POLICY, SAME_ORIGIN);
        switch (kind) {
            case UI -> {
                headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, UI_POLICY);
                headers.set(OPENER_POLICY, SAME_ORIGIN);
            }
            case API -> {
                headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, API_POLICY);
                if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
                    headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
                }
            }
            case DOCS -> headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, DOCS_POLICY);
            case PREVIEW -> headers.add(HttpHeaderNames.CONTENT_SECURITY_POLICY, PREVIEW_POLICY);
            case PREVIEW_BY_TICKET -> {
                headers.add(HttpHeaderNames.CONTENT_SECURITY_POLICY, PREVIEW_POLICY);
                // The page is of no origin, so even its own files are another's to it. The ticket says who may have
                // them.
                headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            }
            case PREVIEW_APART -> headers.set(OPENER_POLICY, SAME_ORIGIN);
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
