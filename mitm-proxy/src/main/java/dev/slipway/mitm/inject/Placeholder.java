package dev.slipway.mitm.inject;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a sandbox holds where a key is expected. It means nothing to anyone else, so it leaves with no request. */
public final class Placeholder {
    /** The text itself; agreed with credential-service and container-service. */
    public static final String TEXT = "slipway-placeholder";

    private Placeholder() {}

    /** Whether a header's value is the placeholder or holds it, base64 of a basic pair included. */
    static boolean hides(@Nullable String value) {
        return value != null && (value.contains(TEXT) || isBasicWithPlaceholder(value));
    }

    /** Whether the request still asks for a credential. */
    public static boolean in(HttpRequest request) {
        for (Map.Entry<String, String> header : request.headers()) {
            if (hides(header.getValue())) {
                return true;
            }
        }
        return Query.has(request.uri(), Placeholder::inParameter);
    }

    /** Removes each header and query parameter that still holds the placeholder. */
    public static void remove(HttpRequest request) {
        remove(request.headers());
        if (request.uri().indexOf('?') >= 0 && Query.has(request.uri(), Placeholder::inParameter)) {
            request.setUri(Query.without(request.uri(), Placeholder::inParameter));
        }
    }

    /** Removes each of these headers, or trailers, that holds the placeholder. */
    public static void remove(HttpHeaders headers) {
        List<String> hiding = headers.entries().stream()
                .filter(header -> hides(header.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        hiding.forEach(headers::remove);
    }

    private static boolean inParameter(Query.Parameter parameter) {
        return parameter.raw().contains(TEXT) || parameter.value().contains(TEXT);
    }

    private static boolean isBasicWithPlaceholder(String value) {
        if (!value.regionMatches(true, 0, "basic ", 0, "basic ".length())) {
            return false;
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(value.substring("basic ".length()).strip());
            return new String(pair, StandardCharsets.UTF_8).contains(TEXT);
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }
}
