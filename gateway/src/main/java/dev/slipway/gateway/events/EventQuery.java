package dev.slipway.gateway.events;

import dev.slipway.kit.problem.ProblemException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What of a project's events is asked for.
 *
 * @param after the last event that the client has; from the {@code Last-Event-ID} header before the query
 * @param since a time to begin at, if there is no {@code after}
 * @param types public names; empty for all
 */
record EventQuery(@Nullable EventPosition after, @Nullable Instant since, Set<String> types) {
    static EventQuery of(HttpRequest request) {
        var parameters = new QueryStringDecoder(request.uri()).parameters();
        String last = request.headers().get("Last-Event-ID");
        String after = last == null || last.isEmpty() ? first(parameters.get("after")) : last;
        String since = first(parameters.get("since"));
        String types = first(parameters.get("types"));
        return new EventQuery(
                after == null ? null : EventPosition.parse(after),
                since == null ? null : time(since),
                types == null
                        ? Set.of()
                        : Arrays.stream(types.split(",", -1))
                                .map(String::strip)
                                .filter(type -> !type.isEmpty())
                                .collect(Collectors.toUnmodifiableSet()));
    }

    boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }

    private static @Nullable String first(@Nullable List<String> values) {
        return values == null || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    private static Instant time(String text) {
        try {
            return text.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(text)) : Instant.parse(text);
        } catch (DateTimeException _) {
            throw ProblemException.invalid("since", text + " (expected: RFC 3339, or seconds since 1970)");
        }
    }
}
