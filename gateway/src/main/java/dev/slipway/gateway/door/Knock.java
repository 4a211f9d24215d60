package dev.slipway.gateway.door;

import dev.slipway.gateway.audit.AuditTrail.Seen;
import dev.slipway.gateway.audit.Witness;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What of a request matters to whether it may pass, whichever way it is answered.
 *
 * @param path without the query, still encoded
 * @param headers all values of a header
 * @param witness learns who it was, for the audit log
 * @param webSocket whether it wants to become a WebSocket
 */
record Knock(
        String method,
        String path,
        Function<String, List<String>> headers,
        ClientOrigin origin,
        Witness witness,
        boolean webSocket) {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    Knock(String method, String path, Function<String, List<String>> headers, ClientOrigin origin, Witness witness) {
        this(method, path, headers, origin, witness, wantsWebSocket(headers));
    }

    List<String> all(String header) {
        return headers.apply(header);
    }

    Optional<String> one(String header) {
        List<String> values = headers.apply(header);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /** What of it the audit log may keep. */
    Seen seen(String requestId) {
        return new Seen(webSocket ? "WEBSOCKET" : method, path, origin.address(), requestId);
    }

    boolean safe() {
        return SAFE.contains(method);
    }

    private static boolean wantsWebSocket(Function<String, List<String>> headers) {
        for (String value : headers.apply("Upgrade")) {
            if (value.toLowerCase(Locale.ROOT).contains("websocket")) {
                return true;
            }
        }
        return false;
    }

    boolean underApi() {
        return path.equals("/api") || path.startsWith("/api/") || path.startsWith("/ws/");
    }

    @Override
    public String toString() {
        return "Knock[" + method + " " + AccessLog.redacted(path) + "]";
    }
}
