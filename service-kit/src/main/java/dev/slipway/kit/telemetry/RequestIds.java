package dev.slipway.kit.telemetry;

import dev.slipway.kit.id.Ids;
import io.micronaut.http.HttpRequest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The id of a request: the caller's {@code X-Request-Id} if it is a plain token, else one of ours. */
public final class RequestIds {
    /** The header's name. */
    public static final String HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = "slipway.request-id";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestIds() {}

    /** An id for a request that brought none. It names the request in logs and is no secret, so it need not be hard to guess. */
    public static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return Ids.at(System.currentTimeMillis(), random.nextLong(), random.nextLong())
                .toString();
    }

    /** The request's id, the same at every call. */
    public static String of(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, String.class).orElseGet(() -> {
            String given = request.getHeaders().get(HEADER);
            String id = given != null && PLAIN.matcher(given).matches() ? given : fresh();
            request.setAttribute(ATTRIBUTE, id);
            return id;
        });
    }
}
