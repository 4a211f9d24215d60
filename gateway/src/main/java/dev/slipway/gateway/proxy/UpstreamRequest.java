package dev.slipway.gateway.proxy;

import dev.slipway.gateway.proxy.Target.Flow;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.telemetry.RequestIds;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Makes the request for the service out of the client's. */
final class UpstreamRequest {
    private static final String OUR_COOKIES = "slipway_";
    private static final AsciiString IDENTITY = AsciiString.cached(IdentityTokens.HEADER);
    private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);
    private static final AsciiString FORWARDED_HOST = AsciiString.cached("X-Forwarded-Host");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("X-Forwarded-Proto");
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("X-Forwarded-For");

    /** What came over HTTP/2 may hold what HTTP/1.1 would take for the end of a header. */
    private static final HttpHeadersFactory CHECKED = DefaultHttpHeadersFactory.headersFactory();

    private UpstreamRequest() {}

    /** With its end, where nothing follows its head. */
    static HttpRequest of(HttpRequest asked, Target target, String requestId, Front client, boolean webSocket) {
        boolean http2 = client.channel() instanceof Http2StreamChannel;
        HttpHeaders headers = (http2 ? CHECKED : HopByHop.CHECKED_ALREADY).newHeaders();
        Iterator<Map.Entry<CharSequence, CharSequence>> given = asked.headers().iteratorCharSequence();
        while (given.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = given.next();
            CharSequence name = header.getKey();
            if (!isOurs(name) && !HopByHop.is(name)) {
                headers.add(name, header.getValue());
            }
        }
        if (asked.headers().contains(HttpHeaderNames.CONNECTION)) {
            HopByHop.removeNamed(headers, asked.headers().getAll(HttpHeaderNames.CONNECTION));
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && !HttpUtil.isTransferEncodingChunked(asked)) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        hideOurCookies(headers, target.flow() == Flow.PREVIEW);
        String host = asked.headers().get(HttpHeaderNames.HOST, "");
        headers.set(HttpHeaderNames.HOST, target.address().getAuthority());
        headers.add(IDENTITY, target.identity().reveal());
        headers.set(REQUEST_ID, requestId);
        headers.add(FORWARDED_HOST, host);
        headers.add(FORWARDED_PROTO, client.peer().tls() ? HttpScheme.HTTPS.name() : HttpScheme.HTTP.name());
        if (!target.prefix().isEmpty()) {
            headers.add("X-Forwarded-Prefix", target.prefix());
        }
        if (client.peer().address() != null) {
            headers.add(FORWARDED_FOR, client.peer().digits());
        }
        if (webSocket) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            // Frames whose words are changed on the way must come uncompressed.
            if (target.flow() == Flow.PTY) {
                headers.remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
            }
        }
        return hasBody(headers)
                ? new DefaultHttpRequest(HttpVersion.HTTP_1_1, asked.method(), target.uri(), headers)
                : new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        asked.method(),
                        target.uri(),
                        Unpooled.EMPTY_BUFFER,
                        headers,
                        EmptyHttpHeaders.INSTANCE);
    }

    /** Whether more than the head will come (RFC 9112, section 6.3). Over HTTP/2 the codec says chunked for it. */
    private static boolean hasBody(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH) || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    /**
     * What a client may not tell a service: it is the gateway's to say. The user's own secrets end here, too: behind the gateway the
     * signed identity speaks.
     */
    private static boolean isOurs(CharSequence name) {
        if (name.isEmpty()) {
            return true;
        }
        return switch (name.charAt(0)) {
            case 'A', 'a' -> AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.AUTHORIZATION);
            case 'E', 'e' -> AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.EXPECT);
            case 'F', 'f' -> AsciiString.contentEqualsIgnoreCase(name, "forwarded");
            case 'H', 'h' -> AsciiString.contentEqualsIgnoreCase(name, "http2-settings");
            case 'X', 'x' -> begins(name, "x-slipway-") || begins(name, "x-http2-") || begins(name, "x-forwarded-");
            default -> false;
        };
    }

    private static boolean begins(CharSequence name, String prefix) {
        return AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length());
    }

    static boolean isSafe(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    private static void hideOurCookies(HttpHeaders headers, boolean preview) {
        if (!headers.contains(HttpHeaderNames.COOKIE)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        if (preview) {
            for (String header : headers.getAll(HttpHeaderNames.COOKIE)) {
                for (String cookie : header.split(";", -1)) {
                    if (!cookie.strip().startsWith(OUR_COOKIES)) {
                        kept.add(cookie.strip());
                    }
                }
            }
        }
        headers.remove(HttpHeaderNames.COOKIE);
        if (!kept.isEmpty()) {
            headers.set(HttpHeaderNames.COOKIE, String.join("; ", kept));
        }
    }
}
