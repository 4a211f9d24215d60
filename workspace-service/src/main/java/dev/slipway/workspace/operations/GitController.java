package dev.slipway.workspace.operations;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.authorship.Authorship;
import dev.slipway.workspace.diff.DiffAnswer;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.Revision;
import dev.slipway.workspace.git.Skip;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.operations.GitBodies.Paths;
import dev.slipway.workspace.operations.GitBodies.Push;
import dev.slipway.workspace.operations.GitViews.Done;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Git over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/workspaces/{workspace}/git")
class GitController {
    private static final int BLAME_LINES = 1_000;

    private final WorkTreeReading reading;
    private final WorkTreeWriting writing;
    private final Authorship authorship;

    GitController(WorkTreeReading reading, WorkTreeWriting writing, Authorship authorship) {
        this.authorship = authorship;
        this.reading = reading;
        this.writing = writing;
    }

    @Get("/status")
    StatusView status(String project, String workspace) {
        return reading.status(reading.open(project, workspace));
    }

    @Post("/fetch")
    Done fetch(String project, String workspace, Caller caller) {
        writing.fetch(project, workspace, caller.userId());
        return Done.DONE;
    }

    @Post("/checkout")
    Done checkout(String project, String workspace, Caller caller, @Body GitBodies.Checkout body) {
        writing.checkout(project, workspace, caller.userId(), Revision.of("ref", GitBodies.need("ref", body.ref())));
        return Done.DONE;
    }

    @Get("/branches")
    GitViews.Branches branches(
            String project,
            String workspace,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        WorkTree tree = reading.open(project, workspace);
        Paging.Page<GitViews.Branch> page =
                Paging.page(reading.branches(tree, Paging.position(cursor), size), size, WorkTreeReading::wholeName);
        return new GitViews.Branches(page.items(), page.nextCursor());
    }

    @Post("/branches")
    @Status(HttpStatus.CREATED)
    GitViews.Branch makeBranch(String project, String workspace, @Body GitBodies.NewBranch body) {
        BranchName name = new BranchName(GitBodies.need("name", body.name()));
        Revision from = body.from() == null ? Revision.HEAD : Revision.of("from", body.from());
        return writing.makeBranch(project, workspace, name, from);
    }

    @Delete("/branches/{+name}")
    Done deleteBranch(
            String project, String workspace, String name, @QueryValue(defaultValue = "false") boolean force) {
        writing.deleteBranch(project, workspace, new BranchName(name), force);
        return Done.DONE;
    }

    /** Sent as it is read, however large; {@code format=patch} is what git prints. */
    @Get("/diff")
    HttpResponse<InputStream> diff(
            String project,
            String workspace,
            @QueryValue(defaultValue = "false") boolean staged,
            @Nullable @QueryValue String base,
            @Nullable @QueryValue String head,
            @Nullable @QueryValue List<String> path,
            @Nullable @QueryValue String format,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        List<TreePath> paths = TreePath.all("path", path == null ? List.of() : path);
        WorkTree tree = reading.open(project, workspace);
        return DiffAnswer.of(
                format,
                reading.diff(tree, staged, revision("base", base), revision("head", head)),
                diffs -> diffs.json("diffs", false, paths, DiffAnswer.page(limit, cursor)),
                diffs -> diffs.patch(paths));
    }

    @Get("/files")
    GitViews.Entries files(
            String project,
            String workspace,
            @Nullable @QueryValue String ref,
            @QueryValue(defaultValue = ".") String path,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        String after = Paging.position(cursor);
        TreePath folder = TreePath.of("path", path);
        List<GitViews.Entry> rest =
                WorkTreeFiles.list(reading.open(project, workspace), folder, revision("ref", ref)).stream()
                        .filter(entry -> after == null || entry.name().compareTo(after) > 0)
                        .limit(size + 1L)
                        .toList();
        Paging.Page<GitViews.Entry> page = Paging.page(rest, size, GitViews.Entry::name);
        return new GitViews.Entries(page.items(), page.nextCursor());
    }

    @Get("/file")
    GitViews.Content file(
            String project, String workspace, @Nullable @QueryValue String path, @Nullable @QueryValue String ref) {
        TreePath file = TreePath.of("path", GitBodies.need("path", path));
        return WorkTreeFiles.read(reading.open(project, workspace), file, revision("ref", ref));
    }

    @Post("/file")
    Done write(String project, String workspace, @Body GitBodies.NewContent body) {
        TreePath file = TreePath.of("path", GitBodies.need("path", body.path()));
        String content = body.content();
        if (content == null) {
            throw ProblemException.invalid("content", "missing (expected: a text)");
        }
        writing.write(project, workspace, file, content, body.encoding());
        return Done.DONE;
    }

    @Post("/stage")
    Done stage(String project, String workspace, @Nullable @Body Paths body) {
        writing.stage(project, workspace, paths(body));
        return Done.DONE;
    }

    @Post("/unstage")
    Done unstage(String project, String workspace, @Nullable @Body Paths body) {
        writing.unstage(project, workspace, paths(body));
        return Done.DONE;
    }

    @Post("/commit")
    @Status(HttpStatus.CREATED)
    CommitView commit(String project, String workspace, Caller caller, @Body GitBodies.NewCommit body) {
        Person user = authorship.of(caller, workspace);
        Person author = new Person(
                body.authorName() == null ? user.name() : body.authorName(),
                body.authorEmail() == null ? user.email() : body.authorEmail());
        return writing.commit(project, workspace, GitBodies.need("message", body.message()), author, user);
    }

    @Get("/log")
    GitViews.Log log(
            String project,
            String workspace,
            @Nullable @QueryValue String ref,
            @Nullable @QueryValue String path,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        TreePath file = path == null ? null : TreePath.of("path", path);
        int skip = Skip.of(cursor);
        return reading.log(reading.open(project, workspace), revision("ref", ref), file, skip, size);
    }

    @Get("/blame")
    GitViews.Blame blame(
            String project,
            String workspace,
            @Nullable @QueryValue String path,
            @Nullable @QueryValue String ref,
            @QueryValue(defaultValue = "1") int from) {
        TreePath file = TreePath.of("path", GitBodies.need("path", path));
        if (from < 1) {
            throw ProblemException.invalid("from", from + " (expected: a line number from 1)");
        }
        return reading.blame(reading.open(project, workspace), file, revision("ref", ref), from, BLAME_LINES);
    }

    @Post("/push")
    Map<String, Object> push(String project, String workspace, Caller caller, @Nullable @Body Push body) {
        String wish = body == null ? null : body.branch();
        String commit = writing.push(project, workspace, caller.userId(), wish == null ? null : new BranchName(wish));
        return Map.of("success", true, "commit", commit);
    }

    private static @Nullable Revision revision(String field, @Nullable String text) {
        return text == null ? null : Revision.of(field, text);
    }

    private static List<TreePath> paths(@Nullable Paths body) {
        List<String> paths = body == null ? null : body.paths();
        return paths == null || paths.isEmpty() ? List.of(TreePath.ROOT) : TreePath.all("paths", paths);
    }
}
