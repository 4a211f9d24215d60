package dev.slipway.container.agent;

import io.micronaut.http.HttpRequest;

/** Takes a request's target apart, as it was encoded: decoding and encoding again would change what it means. */
final class Targets {
    /** {@code /internal/projects/{p}/sandboxes/{s}} or {@code …/sessions/{s}}. */
    private static final int SEGMENTS_BEFORE = 5;

    private Targets() {}

    /** What follows the segment {@code marker} that stands behind the session's, with the query. */
    static String after(HttpRequest<?> request, String marker) {
        String rest = from(request);
        String prefix = "/" + marker;
        return rest.startsWith(prefix) ? rest.substring(prefix.length()) : rest;
    }

    /** What follows the session's segment, with the query. */
    static String from(HttpRequest<?> request) {
        String path = request.getUri().getRawPath();
        int at = 0;
        for (int segment = 0; segment < SEGMENTS_BEFORE; segment++) {
            at = path.indexOf('/', at + 1);
            if (at < 0) {
                return "/";
            }
        }
        String query = request.getUri().getRawQuery();
        return path.substring(at) + (query == null ? "" : "?" + query);
    }
}
