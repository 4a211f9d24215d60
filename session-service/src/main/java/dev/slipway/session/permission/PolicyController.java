package dev.slipway.session.permission;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.Session;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session's agent may do without asking: the session's policy, and what members said of single tools. A session has few
 * tools, so the list has one page.
 */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/chat/{session}/permissions")
class PolicyController {
    private static final Set<String> POLICIES = Set.of("ask", "edits", "all");

    private final PermissionService permissions;

    PolicyController(PermissionService permissions) {
        this.permissions = permissions;
    }

    @Get
    PolicyView get(String project, String session) {
        return view(permissions.session(project, session));
    }

    /** Null gives the decision back to the agent's configuration. */
    @Put
    PolicyView put(String project, String session, @Body Policy body) {
        if (body.permissions() != null && !POLICIES.contains(body.permissions())) {
            throw ProblemException.invalid("permissions", body.permissions() + " (expected: ask, edits, all or null)");
        }
        return view(permissions.decide(project, session, body.permissions()));
    }

    @Delete("/{tool}")
    PolicyView forget(String project, String session, String tool) {
        permissions.forget(project, session, tool);
        return get(project, session);
    }

    private PolicyView view(Session session) {
        return new PolicyView(
                session.permissions(),
                permissions.toolPermissions(session.id()).stream()
                        .map(each -> new ToolView(each.tool(), each.decision(), each.grantedBy()))
                        .toList());
    }

    /** {@code ask}, {@code edits} or {@code all}; null for what the agent's configuration says. */
    @Serdeable
    record Policy(@Nullable String permissions) {}

    /** A tool and what is answered for it: {@code allow} or {@code reject}. */
    @Serdeable
    record ToolView(String tool, String decision, String grantedBy) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record PolicyView(@Nullable String permissions, List<ToolView> tools) {}
}
