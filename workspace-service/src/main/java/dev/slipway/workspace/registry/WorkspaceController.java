package dev.slipway.workspace.registry;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.registry.WorkspaceView.WorkspacePage;
import dev.slipway.workspace.source.LocalFolders;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workspaces over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}")
class WorkspaceController {
    private final WorkspaceService workspaces;
    private final LocalFolders folders;

    WorkspaceController(WorkspaceService workspaces, LocalFolders folders) {
        this.workspaces = workspaces;
        this.folders = folders;
    }

    @Get("/workspaces")
    WorkspacePage list(String project, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        Paging.Page<Workspace> page =
                Paging.page(workspaces.page(project, Paging.position(cursor), size), size, Workspace::id);
        List<WorkspaceView> views = page.items().stream().map(this::view).toList();
        return new WorkspacePage(views, page.nextCursor());
    }

    @Post("/workspaces")
    HttpResponse<WorkspaceView> create(String project, Caller caller, @Body NewWorkspace body) {
        return tagged(HttpResponse.status(HttpStatus.CREATED), workspaces.create(project, caller, body));
    }

    @Get("/workspaces/{workspace}")
    HttpResponse<WorkspaceView> read(String project, String workspace) {
        return tagged(HttpResponse.ok(), workspaces.current(project, workspace));
    }

    @Put("/workspaces/{workspace}")
    HttpResponse<WorkspaceView> change(
            String project,
            String workspace,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
            @Body JsonNode body) {
        Workspace present = workspaces.need(project, workspace);
        mustMatch(present, ifMatch);
        return tagged(HttpResponse.ok(), workspaces.change(present, body));
    }

    @Delete("/workspaces/{workspace}")
    Map<String, Object> remove(
            String project,
            String workspace,
            Caller caller,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
            @QueryValue(defaultValue = "false") boolean deleteFiles) {
        Workspace present = workspaces.need(project, workspace);
        mustMatch(present, ifMatch);
        if (deleteFiles) {
            caller.require(Role.ADMIN);
        }
        workspaces.remove(present, deleteFiles);
        return Map.of("success", true);
    }

    @Post("/workspaces/{workspace}/validate")
    Validation validate(String project, String workspace) {
        return workspaces.validate(workspaces.need(project, workspace));
    }

    @Post("/workspaces/validate")
    Validation validateNew(String project, Caller caller, @Body NewWorkspace body) {
        return workspaces.validate(project, caller.userId(), body);
    }

    @Get("/suggestions")
    Map<String, Object> suggestions(String project, @QueryValue(defaultValue = "") String q) {
        return Map.of("suggestions", folders.suggestions(q));
    }

    private HttpResponse<WorkspaceView> tagged(io.micronaut.http.MutableHttpResponse<?> response, Workspace workspace) {
        return response.header(HttpHeaders.ETAG, tag(workspace)).body(view(workspace));
    }

    private WorkspaceView view(Workspace workspace) {
        return WorkspaceView.of(workspace, workspaces.workDir(workspace));
    }

    private static void mustMatch(Workspace present, @Nullable String ifMatch) {
        if (ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(tag(present))) {
            throw ProblemException.of(
                    HttpStatus.PRECONDITION_FAILED,
                    "stale",
                    "The workspace was changed meanwhile. Read it again and repeat your change.");
        }
    }

    private static String tag(Workspace workspace) {
        return "\"" + workspace.version() + "\"";
    }
}
