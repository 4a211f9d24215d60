package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.door.Destination.ProjectOf.OnlyOfSession;
import dev.slipway.gateway.proxy.Target.Flow;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Other names of paths in a project, as the systems have them that this API descends from: by a session's id alone, in the path
 * or in the query.
 */
final class FlatPaths {
    /** Where OpenCode's own server listens when a workspace starts one; it is a preview like any other. */
    private static final int OPENCODE_PORT = 4096;

    private static final Set<String> NOT_THEIRS = Set.of("sessionId", "token", "projectId");

    private FlatPaths() {}

    /** Where such a path leads; null for any other. */
    static @Nullable Destination find(String path, String query, List<String> segments) {
        return switch (segments.getFirst()) {
            case "sessions" -> segments.size() > 2 ? ofSession(path, query, segments) : null;
            case "session" ->
                segments.size() == 3 && segments.get(2).equals("term")
                        ? terminal(segments.get(1), query, Flow.PLAIN)
                        : null;
            case "ws" -> socket(path, query);
            case "api" -> path.equals("/api/git/diff") ? diff(query) : null;
            default -> null;
        };
    }

    private static @Nullable Destination ofSession(String path, String query, List<String> segments) {
        String session = segments.get(1);
        if (!Ids.isWellFormed(session)) {
            return null;
        }
        String rest = path.substring(1);
        return switch (segments.get(2)) {
            case "files" -> RouteTable.sandbox(new OnlyOfSession(session), rest, tail(query));
            case "terminal" -> segments.size() == 3 ? terminal(session, query, Flow.PLAIN) : null;
            case "opencode" -> {
                String below = rest.substring(("sessions/" + session + "/opencode").length());
                yield new Destination.Preview(session, OPENCODE_PORT, null, below + tail(query));
            }
            default -> null;
        };
    }

    private static Destination terminal(String session, String query, Flow flow) {
        if (!Ids.isWellFormed(session)) {
            return new Destination.Here();
        }
        return new Destination.Service(
                RouteTable.CONTAINER,
                new OnlyOfSession(session),
                "sessions/" + session + "/terminal/ws" + tail(query),
                flow,
                RouteTable.STREAM_BYTES_MAX,
                RouteTable.SOON);
    }

    private static @Nullable Destination socket(String path, String query) {
        return switch (path) {
            case "/ws/pty" -> terminal(session(query), theirs(query), Flow.PTY);
            case "/ws/events" -> new Destination.Events(project(query), true);
            default -> null;
        };
    }

    private static ProjectOf project(String query) {
        String project = parameter(query, "projectId");
        if (project != null && Ids.isWellFormed(project)) {
            return new ProjectOf.Named(project);
        }
        String session = parameter(query, "sessionId");
        return session == null || !Ids.isWellFormed(session) ? new ProjectOf.Default() : new OnlyOfSession(session);
    }

    private static Destination diff(String query) {
        String session = session(query);
        return RouteTable.service(
                RouteTable.WORKSPACE, new OnlyOfSession(session), "sessions/" + session + "/diff", tail(theirs(query)));
    }

    private static String session(String query) {
        String session = parameter(query, "sessionId");
        if (session == null || !Ids.isWellFormed(session)) {
            throw ProblemException.invalid("sessionId", "missing or malformed (expected: a session's id)");
        }
        return session;
    }

    private static @Nullable String parameter(String query, String name) {
        List<String> values = new QueryStringDecoder("?" + query).parameters().get(name);
        return values == null || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    /** The query without what was meant for the gateway. */
    private static String theirs(String query) {
        return Arrays.stream(query.split("&", -1))
                .filter(pair -> !pair.isEmpty() && !NOT_THEIRS.contains(pair.split("=", 2)[0]))
                .collect(Collectors.joining("&"));
    }

    private static String tail(String query) {
        return query.isEmpty() ? "" : "?" + query;
    }
}
