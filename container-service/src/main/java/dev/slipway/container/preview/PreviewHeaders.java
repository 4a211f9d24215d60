package dev.slipway.container.preview;

import dev.slipway.kit.identity.IdentityTokens;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which headers pass into a sandbox and out of it. In: nothing that says who the user is to Slipway, for a sandbox must not
 * learn it. Out: nothing that would set a cookie of ours. Neither way: what belongs to one connection (RFC 9110, section 7.6.1).
 */
final class PreviewHeaders {
    private static final String OURS = "slipway_";
    private static final Set<String> OF_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "expect");
    private static final Set<String> SECRET = Set.of("authorization", IdentityTokens.HEADER.toLowerCase(Locale.ROOT));

    private PreviewHeaders() {}

    /** What the server in the sandbox gets, as if it were asked on its own port. */
    static Map<String, String> inward(Iterable<Map.Entry<String, String>> given, int port) {
        Map<String, String> passed = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : given) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (OF_CONNECTION.contains(name) || SECRET.contains(name) || name.equals("host")) {
                continue;
            }
            String value = name.equals("cookie") ? withoutOurs(header.getValue()) : header.getValue();
            if (!value.isEmpty()) {
                passed.merge(name, value, (first, second) -> first + (name.equals("cookie") ? "; " : ", ") + second);
            }
        }
        passed.put("host", "localhost:" + port);
        return passed;
    }

    /** Whether a header of the answer passes. */
    static boolean outward(String name, String value) {
        return !OF_CONNECTION.contains(name)
                && !(name.equals("set-cookie") && value.strip().startsWith(OURS));
    }

    private static String withoutOurs(String cookies) {
        List<String> kept = Arrays.stream(cookies.split(";", -1))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty() && !cookie.startsWith(OURS))
                .toList();
        return kept.stream().collect(Collectors.joining("; "));
    }
}
