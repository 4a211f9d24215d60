package dev.slipway.workspace.result;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.diff.DiffAnswer;
import dev.slipway.workspace.git.BranchName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions and branches joined and compared, over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/workspaces/{workspace}/git")
class MergeController {
    private final ApplyService apply;
    private final SessionResults results;
    private final MergeService merge;
    private final CompareService compare;

    MergeController(ApplyService apply, SessionResults results, MergeService merge, CompareService compare) {
        this.apply = apply;
        this.results = results;
        this.merge = merge;
        this.compare = compare;
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
            return merge.merge(project, workspace, new BranchName(branch), strategy, caller);
        }
        if (session == null || !results.need(project, session).workspaceId().equals(workspace)) {
            throw ProblemException.notFound("session");
        }
        return apply.apply(project, session, caller, new ApplyRequest(null, null, null));
    }

    /** {@code format=full} and {@code format=patch} give the patches from the first session to the second. */
    @Get("/compare")
    HttpResponse<?> compare(
            String project,
            String workspace,
            @QueryValue(defaultValue = "") String sessions,
            @Nullable @QueryValue String format,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        if (format == null || format.equals("files")) {
            return HttpResponse.ok(compare.compare(project, workspace, sessions));
        }
        return DiffAnswer.of(
                format,
                compare.reader(project, workspace, sessions),
                diffs -> diffs.json("diffs", false, List.of(), DiffAnswer.page(limit, cursor)),
                diffs -> diffs.patch(List.of()));
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
