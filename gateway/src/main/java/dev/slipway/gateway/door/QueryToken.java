package dev.slipway.gateway.door;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A token in a query, which is how a WebSocket of a page of another origin shows one. */
final class QueryToken {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._~+/=-]{1,4096}");

    private QueryToken() {}

    /** The token; null if there is not exactly one. */
    static @Nullable String of(String query) {
        List<String> tokens = new QueryStringDecoder("?" + query).parameters().get("token");
        return tokens != null
                        && tokens.size() == 1
                        && SHAPE.matcher(tokens.getFirst()).matches()
                ? tokens.getFirst()
                : null;
    }
}
