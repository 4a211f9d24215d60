package dev.slipway.container.reconcile;

import dev.slipway.container.limits.LimitReachedException;
import dev.slipway.container.limits.ProjectShares;
import dev.slipway.container.limits.Share;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/**
 * Whether a project's limits leave room for a sandbox, asked before a session is made or woken so that its user hears of it at once. It
 * promises nothing: what counts is the promise when the sandbox is made.
 */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sandboxes/{session}/room")
class RoomController {
    private final ProjectShares shares;
    private final SandboxSettings settings;

    RoomController(ProjectShares shares, SandboxSettings settings) {
        this.shares = shares;
        this.settings = settings;
    }

    @Post
    @Status(HttpStatus.NO_CONTENT)
    void ask(Caller caller, String project, String session, @Body SandboxLimits limits) {
        caller.require(Role.SYSTEM);
        try {
            SandboxBounds bounds = settings.bounds(limits);
            long disk = limits.diskBytes() == null ? settings.diskBytes() : limits.diskBytes();
            shares.requireRoom(project, session, new Share(bounds.cpus(), bounds.memoryBytes(), disk, bounds.pids()));
        } catch (LimitReachedException e) {
            throw ProblemException.conflict("limit-reached", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("limits", String.valueOf(e.getMessage()));
        }
    }
}
