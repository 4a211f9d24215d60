package dev.slipway.credential.outgoing;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A call to a provider. Its text form hides all but the address's host.
 *
 * @param contentType of the body; null without one
 * @param body null for none
 */
public record Outgoing(
        String method,
        URI address,
        Map<String, String> headers,
        @Nullable String contentType,
        @Nullable String body) {
    public Outgoing {
        headers = Map.copyOf(headers);
    }

    /** A call that reads. */
    public static Outgoing get(URI address, Map<String, String> headers) {
        return new Outgoing("GET", address, headers, null, null);
    }

    /** A call that sends a form. */
    public static Outgoing form(URI address, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return new Outgoing("POST", address, accept(), "application/x-www-form-urlencoded", body);
    }

    /** A call that sends JSON. */
    public static Outgoing json(URI address, String body) {
        return new Outgoing("POST", address, accept(), "application/json", body);
    }

    /** {@code &}-separated, as in a query or a form. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> accept() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        return headers;
    }

    @Override
    public String toString() {
        return "Outgoing[" + method + " " + address.getHost() + ", hidden]";
    }
}
