package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * Where a request is to go, in one reading that all later steps share.
 *
 * @param origin the host that the client means
 * @param tls whether the client asked for it by https
 * @param uri the request target in origin form
 */
record Destination(HostPort origin, boolean tls, String uri) {
    private static final int METHOD_LENGTH_MAX = 32;
    private static final String HTTP = "http://";

    /**
     * Reads the destination of a request that is no CONNECT.
     *
     * @throws Refusal if the request names no host, two different hosts, or one that the tunnel was not opened to
     */
    static Destination of(Arrival arrival, HttpRequest request) {
        checkLine(request);
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw Refusal.badRequest("the request names its host " + hosts.size() + " times");
        }
        try {
            return switch (arrival) {
                case Arrival.Open _ -> open(request, hosts);
                case Arrival.Tunnel tunnel -> tunnelled(tunnel, request, hosts);
            };
        } catch (MalformedHost malformed) {
            throw Refusal.badRequest(String.valueOf(malformed.getMessage()));
        }
    }

    boolean isWorkspace() {
        return !tls && origin.port() == 80 && origin.host().equals(WorkspaceGate.RESERVED);
    }

    private static void checkLine(HttpRequest request) {
        String method = request.method().name();
        if (method.length() > METHOD_LENGTH_MAX || !method.chars().allMatch(Destination::isToken)) {
            throw Refusal.badRequest("the method is none");
        }
        // HTTP/2 carries the path as it likes; on the way out it stands in a line (request splitting).
        if (request.uri().isEmpty() || !isPrintable(request.uri())) {
            throw Refusal.badRequest("the request target has characters that must be percent-encoded");
        }
    }

    private static boolean isPrintable(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) <= 0x20 || uri.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isToken(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static Destination open(HttpRequest request, List<String> hosts) {
        String uri = request.uri();
        if (uri.regionMatches(true, 0, "https://", 0, 8)) {
            throw Refusal.badRequest("an https URL in a plain request (expected: CONNECT)");
        }
        if (!uri.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            throw Refusal.badRequest("this is a proxy (expected: an absolute http URL or CONNECT)");
        }
        int end = endOfAuthority(uri);
        HostPort origin = HostPort.parse(uri.substring(HTTP.length(), end), 80);
        if (!hosts.isEmpty() && !origin.equals(HostPort.parse(hosts.getFirst(), 80))) {
            throw Refusal.forbidden("The URL names " + origin + ", the Host header another host");
        }
        return new Destination(origin, false, originForm(request, uri.substring(end)));
    }

    private static int endOfAuthority(String uri) {
        int end = HTTP.length();
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static Destination tunnelled(Arrival.Tunnel tunnel, HttpRequest request, List<String> hosts) {
        int defaultPort = tunnel.tls() ? 443 : 80;
        if (hosts.isEmpty()) {
            throw Refusal.badRequest("the request has no Host header");
        }
        HostPort named = HostPort.parse(hosts.getFirst(), defaultPort);
        if (!named.equals(tunnel.target())) {
            throw Refusal.forbidden(
                    "The connection was opened to " + tunnel.target() + ", the request names another host");
        }
        return new Destination(tunnel.target(), tunnel.tls(), originForm(request, request.uri()));
    }

    private static String originForm(HttpRequest request, String rest) {
        if (rest.indexOf('#') >= 0) {
            throw Refusal.badRequest("the request target has a fragment");
        }
        if (rest.startsWith("/")) {
            return rest;
        }
        if (rest.equals("*") && request.method().equals(HttpMethod.OPTIONS)) {
            return rest;
        }
        if (rest.isEmpty() || rest.startsWith("?")) {
            return "/" + rest;
        }
        throw Refusal.badRequest("inside a tunnel the request target must begin with /");
    }
}
