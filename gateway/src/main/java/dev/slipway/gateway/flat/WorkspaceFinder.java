package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the workspace of a path or address in a project. */
@Singleton
class WorkspaceFinder {
    private static final int PAGES_MAX = 20;

    private final Peers peers;

    WorkspaceFinder(Peers peers) {
        this.peers = peers;
    }

    /** The same wishes, with the workspace's id where only its path was given; 404 if no workspace is of that path. */
    Map<String, Object> named(Admission admission, Map<String, Object> wishes) {
        Map<String, Object> named = new LinkedHashMap<>(wishes);
        Object path = Optional.ofNullable(named.remove("workspacePath")).orElse(named.remove("workspace_path"));
        named.remove("workspace_path");
        if (path instanceof String text && !named.containsKey("workspaceId")) {
            named.put("workspaceId", find(admission, text).orElseThrow(() -> ProblemException.notFound("workspace")));
        }
        return named;
    }

    /** The id of the workspace of a path. */
    Optional<String> find(Admission admission, String path) {
        String cursor = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            Map<String, Object> answer = peers.get(admission, Peers.WORKSPACES, "workspaces?limit=200" + after(cursor));
            if (answer.get("workspaces") instanceof List<?> workspaces) {
                for (Object workspace : workspaces) {
                    if (workspace instanceof Map<?, ?> values && path.equals(values.get("path"))) {
                        return Optional.of(String.valueOf(values.get("id")));
                    }
                }
            }
            if (!(answer.get("nextCursor") instanceof String next)) {
                return Optional.empty();
            }
            cursor = next;
        }
        return Optional.empty();
    }

    private static String after(@Nullable String cursor) {
        return cursor == null ? "" : "&cursor=" + InternalClient.segment(cursor);
    }
}
