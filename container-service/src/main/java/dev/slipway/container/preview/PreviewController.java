package dev.slipway.container.preview;

import dev.slipway.container.agent.AgentAnswer;
import dev.slipway.container.agent.AgentCall;
import dev.slipway.container.agent.AgentLine;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Options;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** HTTP to a port of a sandbox, both bodies as they come. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/preview/{session}/{port}")
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
class PreviewController {
    /** Long, for servers that push events and have none. */
    private static final Duration SILENCE_MAX = Duration.ofMinutes(10);

    /** {@code /internal/projects/{p}/preview/{s}/{port}}. */
    private static final int SEGMENTS_BEFORE = 6;

    private final Previews previews;

    PreviewController(Previews previews) {
        this.previews = previews;
    }

    @Get(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> get(String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    @Head(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> head(String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    @Post(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> post(String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    @Put(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> put(String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    @Patch(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> patch(
            String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    @Delete(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> delete(
            String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    @Options(uris = {"/", "/{+path}"})
    HttpResponse<AgentAnswer> options(
            String project, String session, String port, Caller caller, HttpRequest<?> request) {
        return pass(project, session, port, caller, request);
    }

    private HttpResponse<AgentAnswer> pass(
            String project, String session, String port, Caller caller, HttpRequest<?> request) {
        caller.require(Role.MEMBER);
        AgentCall call = call((ServerHttpRequest<?>) request, PreviewPort.of(port));
        AgentLine line = previews.connect(project, session, PreviewPort.of(port), SILENCE_MAX);
        AgentAnswer answer = previews.ask(line, call);
        // Servers in sandboxes answer with statuses that nobody has registered, too.
        MutableHttpResponse<AgentAnswer> response =
                HttpResponse.<AgentAnswer>ok().status(answer.status(), "").body(answer);
        answer.headers().forEach((name, value) -> {
            if (PreviewHeaders.outward(name, value)) {
                response.header(name, value);
            }
        });
        return response;
    }

    private static AgentCall call(ServerHttpRequest<?> request, int port) {
        OptionalLong length = request.byteBody().expectedLength();
        boolean empty = length.isPresent() && length.getAsLong() == 0;
        InputStream body = empty ? null : request.byteBody().toInputStream();
        List<Map.Entry<String, String>> headers = request.getHeaders().asMap().entrySet().stream()
                .flatMap(header -> header.getValue().stream().map(value -> Map.entry(header.getKey(), value)))
                .toList();
        return new AgentCall(
                request.getMethodName(), target(request), PreviewHeaders.inward(headers, port), body, length);
    }

    /** As it was encoded, below the port. */
    private static String target(HttpRequest<?> request) {
        String path = request.getUri().getRawPath();
        int at = 0;
        for (int segment = 0; segment < SEGMENTS_BEFORE && at >= 0; segment++) {
            at = path.indexOf('/', at + 1);
        }
        String query = request.getUri().getRawQuery();
        return (at < 0 ? "/" : path.substring(at)) + (query == null ? "" : "?" + query);
    }
}
