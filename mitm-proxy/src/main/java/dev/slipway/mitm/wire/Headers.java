package dev.slipway.mitm.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The headers that belong to one connection and not to the message (RFC 9110, section 7.6.1). */
final class Headers {
    /** A client may not have these taken out by naming them in Connection: they say where the message ends and whose it is. */
    private static final Set<String> NOT_NOMINABLE =
            Set.of("host", "content-length", "transfer-encoding", "te", "upgrade", "authorization", "content-type");

    private Headers() {}

    static boolean wantsWebSocket(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(headers.get(HttpHeaderNames.UPGRADE, ""))
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** Takes out what is for this hop only; transfer-encoding stays, since the codec frames the body by it anew. */
    static void removeHopByHop(HttpHeaders headers, boolean upgrading) {
        List<String> connection = headers.getAll(HttpHeaderNames.CONNECTION);
        if (!connection.isEmpty()) {
            removeNominated(headers, connection);
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        headers.remove("Proxy-Connection");
        headers.remove("Keep-Alive");
        headers.remove(HttpHeaderNames.PROXY_AUTHORIZATION);
        headers.remove(HttpHeaderNames.PROXY_AUTHENTICATE);
        headers.remove("HTTP2-Settings");
        if (headers.contains(HttpConversionUtil.ExtensionHeaderNames.STREAM_ID.text())) {
            removeTraceOfStream(headers);
        }
        if (headers.contains(HttpHeaderNames.TE)) {
            boolean trailers = headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
            headers.remove(HttpHeaderNames.TE);
            if (trailers) {
                headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
                headers.add(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
            }
        }
        if (upgrading) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else {
            headers.remove(HttpHeaderNames.UPGRADE);
        }
    }

    /** What the codec of HTTP/2 tells of a frame, in headers that are nobody else's business. */
    private static void removeTraceOfStream(HttpHeaders headers) {
        for (var extension : HttpConversionUtil.ExtensionHeaderNames.values()) {
            headers.remove(extension.text());
        }
    }

    private static void removeNominated(HttpHeaders headers, List<String> connection) {
        for (String line : connection) {
            for (String token : line.split(",", -1)) {
                String name = token.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !NOT_NOMINABLE.contains(name)) {
                    headers.remove(name);
                }
            }
        }
    }
}
