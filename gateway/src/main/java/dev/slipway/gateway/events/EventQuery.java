package dev.slipway.gateway.events;

import dev.slipway.kit.id.Ids;
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
 * @param after how far the client is; from the {@code Last-Event-ID} header before the query
 * @param since a time to begin at, if there is no {@code after}
 * @param types public names; empty for all
 * @param sessions whose chat is to come along
 * @param stream the client's name for this stream, by which its sessions can be changed; null for none
 */
record EventQuery(
        @Nullable StreamPosition after,
        @Nullable Instant since,
        Set<String> types,
        Set<String> sessions,
        @Nullable String stream) {
    /** How many sessions one stream follows at most. */
    static final int SESSIONS_MAX = 20;

    static EventQuery of(HttpRequest request) {
        var parameters = new QueryStringDecoder(request.uri()).parameters();
        String last = request.headers().get("Last-Event-ID");
        String after = last == null || last.isEmpty() ? first(parameters.get("after")) : last;
        String since = first(parameters.get("since"));
        String stream = first(parameters.get("stream"));
        if (stream != null && !Ids.isWellFormed(stream)) {
            throw ProblemException.invalid("stream", "malformed (expected: letters, digits and hyphens, at most 65)");
        }
        return new EventQuery(
                after == null ? null : StreamPosition.parse(after),
                since == null ? null : time(since),
                list(first(parameters.get("types"))),
                sessions(list(first(parameters.get("sessions")))),
                stream);
    }

    boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }

    /** The same sessions, if they are well formed and not too many. */
    static Set<String> sessions(Set<String> sessions) {
        if (sessions.size() > SESSIONS_MAX) {
            throw ProblemException.invalid(
                    "sessions", sessions.size() + " of them (expected: at most " + SESSIONS_MAX + ")");
        }
        if (!sessions.stream().allMatch(Ids::isWellFormed)) {
            throw ProblemException.invalid("sessions", "not ids of sessions");
        }
        return Set.copyOf(sessions);
    }

    private static Set<String> list(@Nullable String text) {
        return text == null
                ? Set.of()
                : Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(entry -> !entry.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
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
