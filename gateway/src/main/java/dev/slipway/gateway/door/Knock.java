package dev.slipway.gateway.door;

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
 */
record Knock(String method, String path, Function<String, List<String>> headers, ClientOrigin origin) {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    List<String> all(String header) {
        return headers.apply(header);
    }

    Optional<String> one(String header) {
        List<String> values = headers.apply(header);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    boolean safe() {
        return SAFE.contains(method);
    }

    boolean webSocket() {
        return all("Upgrade").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
    }

    boolean underApi() {
        return path.equals("/api") || path.startsWith("/api/") || path.startsWith("/ws/");
    }
}
