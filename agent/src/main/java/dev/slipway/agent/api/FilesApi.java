package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.files.BaseFiles;
import dev.slipway.agent.files.FileArchive;
import dev.slipway.agent.files.FileSearch;
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
import java.util.Map;

/** The work tree: its files, and what has changed in it. */
public final class FilesApi {
    /** A file of 10 MB in base64, and some. */
    private static final int WRITE_BYTES_MAX = 15 << 20;

    private static final int SMALL_BYTES_MAX = 64 * 1024;

    private final Supervisor supervisor;
    private final Path workspace;

    public FilesApi(Supervisor supervisor, Path workspace) {
        this.supervisor = supervisor;
        this.workspace = workspace;
    }

    /** Adds its rows to the table of paths. */
    public void addTo(Router router) {
        router.route("GET", "/files", (request, _) -> list(request))
                .route("GET", "/files/search", (request, _) -> search(request))
                .route("GET", "/files/read", (request, _) -> read(request))
                .route("GET", "/files/archive", (request, _) -> archive(request))
                .route("PUT", "/files/write", (request, _) -> write(request))
                .route("POST", "/files/delete", (request, _) -> delete(request))
                .route("POST", "/files/rename", (request, _) -> rename(request))
                .route("GET", "/diff", (request, _) -> diff(request));
    }

    private HttpResponse list(HttpRequest request) throws IOException {
        String path = request.parameter("path").orElse(".");
        return HttpResponse.json(200, files().list(path, request.flag("hidden")));
    }

    private HttpResponse search(HttpRequest request) throws IOException, InterruptedException {
        checkReady();
        String limit = request.parameter("limit").orElse("50");
        if (!limit.matches("[1-9][0-9]{0,2}") || Integer.parseInt(limit) > FileSearch.RESULTS_MAX) {
            throw Problem.of(400, "limit is no number from 1 to " + FileSearch.RESULTS_MAX + ".");
        }
        FileSearch search = new FileSearch(supervisor.git());
        try {
            return HttpResponse.json(200, search.find(required(request, "q"), Integer.parseInt(limit)));
        } catch (GitException e) {
            throw Problem.of(500, "The files cannot be searched: " + e.getMessage());
        }
    }

    private HttpResponse read(HttpRequest request) throws IOException, InterruptedException {
        String path = required(request, "path");
        if (!request.flag("fromBase")) {
            return HttpResponse.json(200, files().read(path));
        }
        String tracked = files().tracked(path);
        return HttpResponse.json(200, new BaseFiles(supervisor.git(), supervisor.diffBase()).read(tracked));
    }

    private HttpResponse archive(HttpRequest request) throws IOException {
        Path folder = files().folder(request.parameter("path").orElse("."));
        FileArchive archive = new FileArchive(folder);
        return new HttpResponse.Streamed(
                200,
                "application/gzip",
                archive::writeTo,
                Map.of("Content-Disposition", "attachment; filename=\"" + archive.fileName() + "\""));
    }

    private HttpResponse delete(HttpRequest request) throws IOException {
        return HttpResponse.json(200, files().delete(text(request.json(SMALL_BYTES_MAX), "path")));
    }

    private HttpResponse rename(HttpRequest request) throws IOException {
        JsonNode body = request.json(SMALL_BYTES_MAX);
        return HttpResponse.json(200, files().rename(text(body, "oldPath"), text(body, "newPath")));
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

    private static String text(JsonNode body, String name) {
        String value = body.path(name).asText("");
        if (value.isEmpty()) {
            throw Problem.of(400, name + " is missing.");
        }
        return value;
    }

    private static String required(HttpRequest request, String name) {
        return request.parameter(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> Problem.of(400, name + " is missing."));
    }
}
