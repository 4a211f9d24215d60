package dev.slipway.credential.provider;

import dev.slipway.contracts.credential.RuleScope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a credential is limited to. An empty list is no limit; all limits must hold.
 *
 * @param workspaces ids of workspaces
 * @param agents agent types, such as {@code claude-code}
 * @param methods HTTP methods, upper case
 * @param paths prefixes of paths: {@code /v1} covers {@code /v1} and {@code /v1/x}, not {@code /v10}
 */
public record Scope(List<String> workspaces, List<String> agents, List<String> methods, List<String> paths) {
    /** No limit. */
    public static final Scope ANY = new Scope(List.of(), List.of(), List.of(), List.of());

    public Scope {
        workspaces = List.copyOf(workspaces);
        agents = List.copyOf(agents);
        methods = List.copyOf(methods);
        paths = List.copyOf(paths);
    }

    /** The same as the proxy reads it; paths are in the rules themselves. */
    public RuleScope of(@Nullable String userId) {
        return new RuleScope(userId, workspaces, agents, methods);
    }

    /** Whether some request lies in both, paths aside. */
    public boolean meets(Scope other) {
        return meet(workspaces, other.workspaces) && meet(agents, other.agents) && meet(methods, other.methods);
    }

    /** Whether every request of the other one lies in this one, paths aside. */
    public boolean covers(Scope other) {
        return cover(workspaces, other.workspaces) && cover(agents, other.agents) && cover(methods, other.methods);
    }

    /** What of these points lies under the paths. */
    public List<InjectionPoint> narrow(List<InjectionPoint> points) {
        if (paths.isEmpty()) {
            return points;
        }
        Set<InjectionPoint> narrowed = new LinkedHashSet<>();
        for (InjectionPoint point : points) {
            for (String path : paths) {
                String prefix = point.pathPrefix() == null ? "" : point.pathPrefix();
                if (under(path, prefix)) {
                    narrowed.add(new InjectionPoint(point.host(), path, point.placement()));
                } else if (under(prefix, path)) {
                    narrowed.add(point);
                }
            }
        }
        return new ArrayList<>(narrowed);
    }

    /** Whether all that {@code path} covers is covered by {@code prefix} too. */
    private static boolean under(String path, String prefix) {
        if (prefix.isEmpty() || prefix.endsWith("/")) {
            return path.startsWith(prefix);
        }
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    private static boolean meet(List<String> mine, List<String> others) {
        return mine.isEmpty() || others.isEmpty() || mine.stream().anyMatch(others::contains);
    }

    private static boolean cover(List<String> mine, List<String> others) {
        return mine.isEmpty() || (!others.isEmpty() && mine.containsAll(others));
    }
}
