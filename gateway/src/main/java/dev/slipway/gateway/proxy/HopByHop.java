package dev.slipway.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Headers that are about one connection and must not travel on (RFC 9110, section 7.6.1). */
final class HopByHop {
    private static final List<String> ALWAYS = List.of(
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authenticate",
            "Proxy-Authorization",
            "TE",
            "Trailer",
            "Upgrade");

    private HopByHop() {}

    /** Removes them, and those that the Connection header names, but for the framing of the body. */
    static void remove(HttpHeaders headers) {
        for (String list : headers.getAll(HttpHeaderNames.CONNECTION)) {
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
