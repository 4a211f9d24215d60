package dev.slipway.workspace.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import dev.slipway.workspace.diff.DiffAnswer;
import dev.slipway.workspace.git.Skip;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.result.PullRequestService.Wish;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
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

/** A session's results over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}")
class SessionResultController {
    private final SessionResults results;
    private final ApplyService apply;
    private final RebaseService rebase;
    private final PullRequestService pullRequests;

    SessionResultController(
            SessionResults results, ApplyService apply, RebaseService rebase, PullRequestService pullRequests) {
        this.results = results;
        this.apply = apply;
        this.rebase = rebase;
        this.pullRequests = pullRequests;
    }

    /** Sent as it is read, however large; {@code format=files} leaves the patches out, {@code format=patch} is what git prints. */
    @Get("/diff")
    HttpResponse<?> diff(
            String project,
            String session,
            @Nullable @QueryValue String format,
            @Nullable @QueryValue String path,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        TreePath file = path == null ? null : TreePath.of("path", path);
        if ("files".equals(format) && file == null) {
            return HttpResponse.ok(results.files(project, session));
        }
        return DiffAnswer.of(
                "files".equals(format) ? null : format,
                results.reader(project, session),
                diffs -> file == null
                        ? diffs.json("files", true, List.of(), DiffAnswer.page(limit, cursor))
                        : diffs.one(file),
                diffs -> diffs.patch(file == null ? List.of() : List.of(file)));
    }

    /** Newest first. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CheckpointPage(
            List<CommitView> checkpoints, @Nullable String nextCursor) {}

    @Get("/checkpoints")
    CheckpointPage checkpoints(
            String project, String session, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        int skip = Skip.of(cursor);
        List<CommitView> read = results.checkpoints(project, session, skip, size + 1);
        Paging.Page<CommitView> page = Paging.page(read, size, last -> Integer.toString(skip + size));
        return new CheckpointPage(page.items(), page.nextCursor());
    }

    @Post("/apply")
    ApplyResult apply(String project, String session, Caller caller, @Nullable @Body ApplyRequest body) {
        ApplyRequest request = body == null ? new ApplyRequest(null, null, null) : body;
        return apply.apply(project, session, caller, request);
    }

    /** What a client of the originals sends. */
    @Serdeable
    record CommitRequest(@Nullable String message) {}

    /** What it gets. */
    @Serdeable
    record CommitResult(boolean success, boolean ok, String commit, String branch) {}

    @Post("/commit")
    CommitResult commit(String project, String session, Caller caller, @Nullable @Body CommitRequest body) {
        String message = body == null ? null : body.message();
        ApplyResult result = apply.apply(project, session, caller, new ApplyRequest(null, message, null));
        return new CommitResult(true, result.ok(), result.commit(), result.branch());
    }

    /** 201 if it was opened now, 200 if it was open already. */
    @Post("/pull-request")
    HttpResponse<PullRequestService.Offered> pullRequest(
            String project, String session, Caller caller, @Nullable @Body Wish body) {
        Wish wish = body == null ? new Wish(null, null, null, null, null, null) : body;
        PullRequestService.Offered offered = pullRequests.offer(project, session, caller, wish);
        return HttpResponse.status(offered.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(offered);
    }

    @Post("/rebase")
    RebaseService.Rebased rebase(String project, String session) {
        return rebase.rebase(project, session);
    }
}
