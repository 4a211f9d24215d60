package dev.slipway.agent.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/** A request that cannot be answered as wished; becomes an RFC 9457 problem document. */
public final class Problem extends RuntimeException {
    /** {@code docs/problems/}: where no kind of its own is named, the status in words is the name. */
    private static final String TYPES = "https://slipway.dev/problems/";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    private final int status;
    private final transient Map<String, String> headers;

    private Problem(int status, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    /** @param detail what to do about it, for a person */
    public static Problem of(int status, String detail) {
        return new Problem(status, detail, Map.of());
    }

    /** Not now, but soon. */
    public static Problem retryLater(String detail) {
        return new Problem(503, detail, Map.of("Retry-After", "1"));
    }

    static Problem methodNotAllowed(String allowed) {
        return new Problem(405, "This path answers " + allowed + ".", Map.of("Allow", allowed));
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", TYPES + title(status).toLowerCase(Locale.ROOT).replace(' ', '-'))
                .put("title", title(status))
                .put("status", status)
                .put("detail", getMessage());
    }

    static String title(int status) {
        return TITLES.getOrDefault(status, status < 300 ? "OK" : "Error");
    }
}
