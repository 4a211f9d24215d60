package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.kit.id.Ids;
import java.util.List;
import java.util.Set;

/** Which part of Slipway owns which path (docs/CONTRACTS.md, section 2). The paths are as they came, still encoded. */
final class RouteTable {
    /** Bodies that a service reads as a whole. */
    static final long BODY_BYTES_MAX = 10L << 20;

    /** Bodies that stream through. */
    static final long STREAM_BYTES_MAX = 4L << 30;

    private static final Destination HERE = new Destination.Here();
    private static final String WORKSPACE = "workspace-service";
    private static final String SESSION = "session-service";
    private static final String CONTAINER = "container-service";
    private static final Set<String> GIT_OF_SESSION =
            Set.of("diff", "checkpoints", "commit", "apply", "rebase", "pull-request");
    private static final Set<String> SANDBOX_OF_SESSION = Set.of("files", "terminal", "services");
    private static final Set<String> FLAT = Set.of("sessions", "tasks", "session", "cmd", "usage");
    private static final Set<String> OURS = Set.of(
            "api",
            "auth",
            "internal",
            "health",
            "healthz",
            "metrics",
            "prometheus",
            "openapi.yaml",
            "ws",
            ".well-known");

    private RouteTable() {}

    static Destination find(String path) {
        List<String> segments = List.of(path.substring(1).split("/", -1));
        String first = segments.getFirst();
        if (first.equals("preview") && segments.size() > 2) {
            return preview(path, segments.get(1));
        }
        if (!first.equals("api")) {
            return OURS.contains(first) ? HERE : new Destination.UserInterface(path);
        }
        if (segments.size() > 3 && segments.get(1).equals("projects")) {
            String project = segments.get(2);
            if (!Ids.isWellFormed(project)) {
                return HERE;
            }
            String rest = path.substring("/api/projects/".length() + project.length() + 1);
            return inProject(new ProjectOf.Named(project), rest, segments.subList(3, segments.size()));
        }
        if (segments.size() > 1 && FLAT.contains(segments.get(1))) {
            boolean named =
                    segments.get(1).equals("sessions") && segments.size() > 2 && Ids.isWellFormed(segments.get(2));
            ProjectOf project = named ? new ProjectOf.OfSession(segments.get(2)) : new ProjectOf.Default();
            return inProject(project, path.substring("/api/".length()), segments.subList(1, segments.size()));
        }
        return HERE;
    }

    private static Destination preview(String path, String session) {
        return Ids.isWellFormed(session)
                ? new Destination.Service(
                        CONTAINER, new ProjectOf.OfSession(session), path.substring(1), true, STREAM_BYTES_MAX)
                : HERE;
    }

    private static Destination inProject(ProjectOf project, String rest, List<String> segments) {
        return switch (segments.getFirst()) {
            case "workspaces" ->
                service(segments.size() > 2 && segments.get(2).equals("sessions") ? SESSION : WORKSPACE, project, rest);
            case "suggestions" -> service(WORKSPACE, project, rest);
            case "sessions" -> session(project, rest, segments);
            case "chat", "agents", "tasks", "session", "cmd", "usage" -> service(SESSION, project, rest);
            case "credentials" -> service("credential-service", project, rest);
            case "events" -> segments.size() == 1 ? new Destination.Events(project) : HERE;
            default -> HERE;
        };
    }

    private static Destination session(ProjectOf project, String rest, List<String> segments) {
        String of = segments.size() > 2 ? segments.get(2) : "";
        if (GIT_OF_SESSION.contains(of)) {
            return service(WORKSPACE, project, rest);
        }
        if (SANDBOX_OF_SESSION.contains(of)) {
            return new Destination.Service(CONTAINER, project, rest, false, STREAM_BYTES_MAX);
        }
        return service(of.equals("egress") ? "mitm-proxy" : SESSION, project, rest);
    }

    private static Destination service(String name, ProjectOf project, String rest) {
        return new Destination.Service(name, project, rest, false, BODY_BYTES_MAX);
    }
}
