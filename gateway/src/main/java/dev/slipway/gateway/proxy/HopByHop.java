package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.HeaderValues;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Headers that are about one connection and must not travel on (RFC 9110, section 7.6.1). */
final class HopByHop {
    private static final List<AsciiString> ALWAYS = Stream.of(
                    "Connection",
                    "Keep-Alive",
                    "Proxy-Connection",
                    "Proxy-Authenticate",
                    "Proxy-Authorization",
                    "TE",
                    "Trailer",
                    "Upgrade")
            .map(AsciiString::cached)
            .toList();

    /** What was read as HTTP/1.1 was checked then, and need not be again. */
    static final HttpHeadersFactory CHECKED_ALREADY =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private HopByHop() {}

    /** Whether it is one of them by its name alone. */
    static boolean is(CharSequence name) {
        if (name.isEmpty()) {
            return false;
        }
        return switch (name.charAt(0)) {
            case 'C', 'c', 'K', 'k', 'P', 'p', 'T', 't', 'U', 'u' -> {
                for (AsciiString one : ALWAYS) {
                    if (one.contentEqualsIgnoreCase(name)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> false;
        };
    }

    /**
     * A copy of headers that were checked when they were read, without these and without those that the Connection header names,
     * but for the framing of the body.
     */
    static HttpHeaders without(HttpHeaders checked) {
        HttpHeaders kept = CHECKED_ALREADY.newHeaders();
        Iterator<Map.Entry<CharSequence, CharSequence>> given = checked.iteratorCharSequence();
        while (given.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = given.next();
            if (!is(header.getKey())) {
                kept.add(header.getKey(), header.getValue());
            }
        }
        removeNamed(kept, HeaderValues.all(checked, HttpHeaderNames.CONNECTION));
        return kept;
    }

    /** Removes those that a Connection header names, but for the framing of the body. */
    static void removeNamed(HttpHeaders headers, List<String> connection) {
        for (String list : connection) {
            for (String name : list.split(",", -1)) {
                String trimmed = name.strip().toLowerCase(Locale.ROOT);
                if (!trimmed.isEmpty() && !trimmed.equals("content-length") && !trimmed.equals("transfer-encoding")) {
                    headers.remove(trimmed);
                }
            }
        }
    }
}
