package dev.slipway.gateway.proxy;

import dev.slipway.gateway.proxy.Target.Flow;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.telemetry.RequestIds;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the request for the service out of the client's. */
final class UpstreamRequest {
    private static final String OUR_COOKIES = "slipway_";

    private UpstreamRequest() {}

    static HttpRequest of(HttpRequest asked, Target target, String requestId, Channel client, boolean webSocket) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().newHeaders().set(asked.headers());
        boolean chunked = HttpUtil.isTransferEncodingChunked(asked);
        String host = headers.get(HttpHeaderNames.HOST, "");
        HopByHop.remove(headers);
        headers.remove(HttpHeaderNames.EXPECT);
        headers.remove("HTTP2-Settings");
        for (String name : List.copyOf(headers.names())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-slipway-")
                    || lower.startsWith("x-http2-")
                    || lower.startsWith("x-forwarded-")
                    || lower.equals("forwarded")) {
                headers.remove(name);
            }
        }
        if (!chunked) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        // The user's own secrets end here: behind the gateway the signed identity speaks.
        headers.remove(HttpHeaderNames.AUTHORIZATION);
        hideOurCookies(headers, target.flow() == Flow.PREVIEW);
        headers.set(HttpHeaderNames.HOST, target.address().getAuthority());
        headers.set(IdentityTokens.HEADER, target.identity());
        headers.set(RequestIds.HEADER, requestId);
        headers.set("X-Forwarded-Host", host);
        headers.set("X-Forwarded-Proto", isSecure(client) ? "https" : "http");
        if (!target.prefix().isEmpty()) {
            headers.set("X-Forwarded-Prefix", target.prefix());
        }
        if (client.remoteAddress() instanceof InetSocketAddress from) {
            headers.set("X-Forwarded-For", from.getAddress().getHostAddress());
        }
        if (webSocket) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            // Frames whose words are changed on the way must come uncompressed.
            if (target.flow() == Flow.PTY) {
                headers.remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
            }
        }
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, asked.method(), target.uri(), headers);
    }

    private static boolean isSecure(Channel client) {
        Channel connection = client instanceof Http2StreamChannel stream ? stream.parent() : client;
        return connection.pipeline().get(SslHandler.class) != null;
    }

    static boolean isSafe(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    private static void hideOurCookies(HttpHeaders headers, boolean preview) {
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
