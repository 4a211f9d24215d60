package dev.slipway.container.upgrade;

import dev.slipway.kit.identity.Caller;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;

/**
 * A request to speak something else from here on.
 *
 * @param caller who may act in the project that the path names
 * @param path the groups of the route's pattern
 * @param http the request itself, without a body
 */
public record UpgradeRequest(Caller caller, MatchResult path, FullHttpRequest http) {
    /** A parameter of the query, decoded. */
    public Optional<String> parameter(String name) {
        Map<String, List<String>> query = new QueryStringDecoder(http.uri()).parameters();
        return Optional.ofNullable(query.get(name)).map(List::getFirst).filter(value -> !value.isEmpty());
    }
}
