package dev.slipway.workspace.result;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Person;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** Merging over HTTP: a session's work, or a branch. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/workspaces/{workspace}/git")
class MergeController {
    private final ApplyService apply;
    private final SessionResults results;
    private final MergeService merge;

    MergeController(ApplyService apply, SessionResults results, MergeService merge) {
        this.apply = apply;
        this.results = results;
        this.merge = merge;
    }

    /**
     * One of session and branch.
     *
     * @param strategy {@code merge} (default), {@code ff} or {@code squash}; a session always comes as one commit
     */
    @Serdeable
    record Wish(
            @Nullable String session,
            @Nullable String branch,
            @Nullable String strategy) {}

    @Post("/merge")
    ApplyResult merge(String project, String workspace, Caller caller, @Body Wish wish) {
        String session = wish.session();
        String branch = wish.branch();
        if ((session == null) == (branch == null)) {
            throw ProblemException.invalid("branch", "neither or both of branch and session (expected: one of them)");
        }
        MergeService.Strategy strategy = strategy(wish.strategy());
        if (branch != null) {
            return merge.merge(project, workspace, new BranchName(branch), strategy, Person.of(caller));
        }
        if (session == null || !results.need(project, session).workspaceId().equals(workspace)) {
            throw ProblemException.notFound("session");
        }
        return apply.apply(project, session, Person.of(caller), new ApplyRequest(null, null, null));
    }

    private static MergeService.Strategy strategy(@Nullable String name) {
        return switch (name == null ? "merge" : name) {
            case "merge" -> MergeService.Strategy.MERGE;
            case "ff" -> MergeService.Strategy.FF;
            case "squash" -> MergeService.Strategy.SQUASH;
            default -> throw ProblemException.invalid("strategy", "unknown (expected: merge, ff or squash)");
        };
    }
}
