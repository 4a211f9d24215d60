package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.files.WorkspaceFiles;
import dev.slipway.agent.git.GitException;
import dev.slipway.agent.git.WorkDiff;
import dev.slipway.agent.http.HttpRequest;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.session.Supervisor;
import java.io.IOException;
import java.nio.file.Path;

/** The work tree: its files, and what has changed in it. */
public final class FilesApi {
    /** A file of 10 MB in base64, and some. */
    private static final int WRITE_BYTES_MAX = 15 << 20;

    private final Supervisor supervisor;
    private final Path workspace;

    public FilesApi(Supervisor supervisor, Path workspace) {
        this.supervisor = supervisor;
        this.workspace = workspace;
    }

    /** Adds its rows to the table of paths. */
    public void addTo(Router router) {
        router.route(
                        "GET",
                        "/files",
                        (request, _) -> HttpResponse.json(
                                200, files().list(request.parameter("path").orElse("."), request.flag("hidden"))))
                .route(
                        "GET",
                        "/files/read",
                        (request, _) -> HttpResponse.json(200, files().read(required(request, "path"))))
                .route("PUT", "/files/write", (request, _) -> write(request))
                .route("GET", "/diff", (request, _) -> diff(request));
    }

    private HttpResponse write(HttpRequest request) throws IOException {
        JsonNode body = request.json(WRITE_BYTES_MAX);
        String path = body.path("path").asText("");
        if (path.isEmpty() || !body.path("content").isTextual()) {
            throw Problem.of(400, "The body needs path and content.");
        }
        return HttpResponse.json(
                200,
                files().write(
                                path,
                                body.path("content").asText(),
                                body.path("encoding").asText("")));
    }

    private HttpResponse diff(HttpRequest request) throws IOException, InterruptedException {
        checkReady();
        String base = supervisor.diffBase();
        WorkDiff diff = new WorkDiff(supervisor.git(), workspace);
        try {
            if (request.parameter("path").isPresent()) {
                return HttpResponse.json(
                        200, diff.one(base, request.parameter("path").get()));
            }
            boolean namesOnly =
                    request.parameter("format").filter("files"::equals).isPresent();
            return HttpResponse.json(200, diff.all(base, !namesOnly));
        } catch (GitException e) {
            throw Problem.of(500, "The diff cannot be made: " + e.getMessage());
        }
    }

    private WorkspaceFiles files() {
        checkReady();
        return new WorkspaceFiles(workspace);
    }

    private void checkReady() {
        if (!supervisor.hasWorkspace()) {
            throw Problem.retryLater("The session's files are not here yet.");
        }
    }

    private static String required(HttpRequest request, String name) {
        return request.parameter(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> Problem.of(400, name + " is missing."));
    }
}
