package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.proxy.Target.Flow;
import dev.slipway.kit.id.Ids;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of Slipway owns which path (docs/CONTRACTS.md, section 2). The paths are as they came, still encoded. */
final class RouteTable {
    /** Bodies that a service reads as a whole. */
    static final long BODY_BYTES_MAX = 10L << 20;

    /** Bodies that stream through. */
    static final long STREAM_BYTES_MAX = 4L << 30;

    /** How long an answer may take to begin where it is read from tables. */
    static final Duration SOON = Duration.ofSeconds(60);

    /** How long where a remote repository or a work tree has to be waited for. */
    static final Duration LATER = Duration.ofMinutes(5);

    /** How long where a command runs that its caller gave a time of its own, ten minutes at most. */
    static final Duration COMMAND = Duration.ofMinutes(11);

    static final String WORKSPACE = "workspace-service";
    static final String SESSION = "session-service";
    static final String CONTAINER = "container-service";

    private static final Destination HERE = new Destination.Here();
    private static final Set<String> GIT_OF_SESSION =
            Set.of("diff", "checkpoints", "commit", "apply", "rebase", "pull-request");
    private static final Set<String> SANDBOX_OF_SESSION = Set.of("files", "terminal", "services", "hooks", "cmd");
    private static final Set<String> SESSION_OF_WORKSPACE = Set.of("sessions", "limits");
    private static final Set<String> FLAT = Set.of("sessions", "tasks");
    private static final Pattern SLOW =
            Pattern.compile("workspaces/[^/]+/(git/(fetch|push|merge|checkout|commit)|validate)|workspaces/validate"
                    + "|sessions/[^/]+/(apply|rebase|commit|pull-request|files/archive)");
    private static final Set<String> SLOW_ENDS = Set.of(
            "fetch", "push", "merge", "checkout", "commit", "validate", "apply", "rebase", "pull-request", "archive");
    private static final Pattern PREVIEW = Pattern.compile("/preview/([^/]+)/(\\d{1,5})(?:~([A-Za-z0-9._-]+))?(/.*)?");
    private static final Set<String> OURS = Set.of(
            "api",
            "auth",
            "internal",
            "health",
            "healthz",
            "metrics",
            "preview",
            "prometheus",
            "openapi.yaml",
            "ws",
            ".well-known");

    private RouteTable() {}

    /**
     * Where a request leads.
     *
     * @param query what follows the question mark; empty for none
     */
    static Destination find(String path, String query) {
        List<String> segments = Arrays.asList(path.substring(1).split("/", -1));
        String first = segments.getFirst();
        if (first.equals("preview")) {
            return preview(path, query);
        }
        Destination alias = FlatPaths.find(path, query, segments);
        if (alias != null) {
            return alias;
        }
        if (!first.equals("api")) {
            return OURS.contains(first) ? HERE : new Destination.UserInterface(path);
        }
        String tail = query.isEmpty() ? "" : "?" + query;
        if (segments.size() > 3 && segments.get(1).equals("projects")) {
            String project = segments.get(2);
            if (!Ids.isWellFormed(project)) {
                return HERE;
            }
            String rest = path.substring("/api/projects/".length() + project.length() + 1);
            return inProject(new ProjectOf.Named(project), rest, tail, segments.subList(3, segments.size()));
        }
        if (segments.size() > 1 && FLAT.contains(segments.get(1))) {
            boolean ofSession = segments.get(1).equals("sessions") && segments.size() > 2;
            if (ofSession && segments.size() == 3 && segments.get(2).equals("get-or-create")) {
                return HERE;
            }
            boolean ofAll = ofSession && segments.size() == 3 && segments.get(2).equals("refresh");
            ProjectOf project = ofSession && !ofAll && Ids.isWellFormed(segments.get(2))
                    ? new ProjectOf.OfSession(segments.get(2))
                    : new ProjectOf.Default();
            return inProject(project, path.substring("/api/".length()), tail, segments.subList(1, segments.size()));
        }
        return HERE;
    }

    private static Destination preview(String path, String query) {
        Matcher matcher = PREVIEW.matcher(path);
        if (!matcher.matches() || !Ids.isWellFormed(matcher.group(1)) || !isPort(matcher.group(2))) {
            return HERE;
        }
        String rest = matcher.group(4) == null ? "" : matcher.group(4);
        return new Destination.Preview(
                matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                matcher.group(3),
                rest + (query.isEmpty() ? "" : "?" + query));
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= 65_535;
    }

    private static Destination inProject(ProjectOf project, String rest, String query, List<String> segments) {
        return switch (segments.getFirst()) {
            case "workspaces" ->
                service(
                        segments.size() > 2 && SESSION_OF_WORKSPACE.contains(segments.get(2)) ? SESSION : WORKSPACE,
                        project,
                        rest,
                        query);
            case "suggestions" -> service(WORKSPACE, project, rest, query);
            case "sessions" -> session(project, rest, query, segments);
            case "chat", "agents", "tasks" -> service(SESSION, project, rest, query);
            case "usage" -> service("mitm-proxy", project, rest, query);
            case "credentials" ->
                isLentToServices(segments) ? HERE : service("credential-service", project, rest, query);
            case "events" -> segments.size() == 1 ? new Destination.Events(project, false) : HERE;
            default -> HERE;
        };
    }

    /** Whether a path is for services alone: an ssh key's public half and its signatures, for workspace-service. */
    private static boolean isLentToServices(List<String> credential) {
        return credential.size() > 2 && credential.get(2).startsWith("ssh-");
    }

    private static Destination session(ProjectOf project, String rest, String query, List<String> segments) {
        String of = segments.size() > 2 ? segments.get(2) : "";
        if (GIT_OF_SESSION.contains(of)) {
            return service(WORKSPACE, project, rest, query);
        }
        if (SANDBOX_OF_SESSION.contains(of)) {
            return sandbox(project, rest, query);
        }
        return service(of.equals("egress") ? "mitm-proxy" : SESSION, project, rest, query);
    }

    /** Something that the session's sandbox answers. */
    static Destination sandbox(ProjectOf project, String rest, String query) {
        return new Destination.Service(CONTAINER, project, rest + query, Flow.PLAIN, STREAM_BYTES_MAX, within(rest));
    }

    static Destination service(String name, ProjectOf project, String rest, String query) {
        return new Destination.Service(name, project, rest + query, Flow.PLAIN, BODY_BYTES_MAX, within(rest));
    }

    private static Duration within(String rest) {
        if (rest.endsWith("/cmd")) {
            return COMMAND;
        }
        boolean maybeSlow = SLOW_ENDS.contains(rest.substring(rest.lastIndexOf('/') + 1));
        return maybeSlow && SLOW.matcher(rest).matches() ? LATER : SOON;
    }
}
