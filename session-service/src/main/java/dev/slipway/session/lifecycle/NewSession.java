package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of POST of a session.
 *
 * @param id chosen by the client; one of ours if missing
 * @param permissions {@code ask}, {@code edits} or {@code all}; what the agent's configuration says if missing
 * @param env further environment of the sandbox; never a secret, since the sandbox sees it
 */
@Serdeable
public record NewSession(
        @Nullable String id,
        @Nullable String workspaceId,
        @Nullable String agentId,
        @Nullable String name,
        @Nullable String baseRef,
        @Nullable String image,
        @Nullable String model,
        @Nullable String mode,
        @Nullable Map<String, String> env,
        @Nullable SandboxLimits limits,
        @Nullable String permissions) {
    static final int NAME_MAX = 200;
    private static final int ENV_MAX = 100;
    private static final Set<String> POLICIES = Set.of("ask", "edits", "all");

    /** The same for this workspace, which the path named. */
    NewSession in(String workspace) {
        return new NewSession(id, workspace, agentId, name, baseRef, image, model, mode, env, limits, permissions);
    }

    /** A session that a first message makes. */
    public static NewSession forChat(
            @Nullable String id,
            String workspaceId,
            @Nullable String agentId,
            @Nullable String model,
            @Nullable String mode) {
        return new NewSession(id, workspaceId, agentId, null, null, null, model, mode, null, null, null);
    }

    /** The id to use. */
    String chosenId() {
        if (id == null) {
            return Ids.text();
        }
        if (!Ids.isWellFormed(id)) {
            throw ProblemException.invalid("id", "malformed (expected: 1 to 65 letters, digits and hyphens)");
        }
        return id;
    }

    /** The workspace that is meant. */
    String workspace() {
        if (workspaceId == null || workspaceId.isBlank()) {
            throw ProblemException.invalid("workspaceId", "missing (expected: the id of a workspace)");
        }
        return workspaceId;
    }

    /** What is to be stored, checked. */
    Draft draft(Caller caller, String projectId, String sessionId, String chosenAgent, @Nullable String forkedFrom) {
        Map<String, String> environment = env == null ? Map.of() : env;
        if (environment.size() > ENV_MAX) {
            throw ProblemException.invalid("env", environment.size() + " entries (expected: at most " + ENV_MAX + ")");
        }
        if (permissions != null && !POLICIES.contains(permissions)) {
            throw ProblemException.invalid("permissions", permissions + " (expected: ask, edits or all)");
        }
        return new Draft(
                sessionId,
                projectId,
                workspace(),
                chosenAgent,
                name == null || name.isBlank() ? null : checkedName("name", name),
                baseRef,
                image,
                model,
                mode,
                environment,
                limits == null ? SandboxLimits.DEFAULTS : limits,
                permissions,
                forkedFrom,
                new Session.Owner(
                        caller.userId(),
                        Objects.requireNonNullElse(caller.name(), "Slipway user"),
                        Objects.requireNonNullElse(caller.email(), caller.userId() + "@users.slipway.invalid")));
    }

    static String checkedName(String field, String name) {
        if (name.strip().length() > NAME_MAX) {
            throw ProblemException.invalid(field, name.length() + " characters (expected: at most " + NAME_MAX + ")");
        }
        return name.strip();
    }
}
