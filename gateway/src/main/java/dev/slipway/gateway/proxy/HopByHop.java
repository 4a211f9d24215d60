package dev.slipway.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
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

    private HopByHop() {}

    /** Removes them, and those that the Connection header names, but for the framing of the body. */
    static void remove(HttpHeaders headers) {
        List<String> named =
                headers.contains(HttpHeaderNames.CONNECTION) ? headers.getAll(HttpHeaderNames.CONNECTION) : List.of();
        for (String list : named) {
            for (String name : list.split(",", -1)) {
                String trimmed = name.strip().toLowerCase(Locale.ROOT);
                if (!trimmed.isEmpty() && !trimmed.equals("content-length") && !trimmed.equals("transfer-encoding")) {
                    headers.remove(trimmed);
                }
            }
        }
        ALWAYS.forEach(headers::remove);
    }
}
