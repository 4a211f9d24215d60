package dev.slipway.session.lifecycle;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.agent.Etag;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}")
class SessionController {
    private final SessionService service;
    private final SessionRepository sessions;
    private final ImageUpdates updates;
    private final SessionRefresh refreshing;

    SessionController(
            SessionService service, SessionRepository sessions, ImageUpdates updates, SessionRefresh refreshing) {
        this.service = service;
        this.sessions = sessions;
        this.updates = updates;
        this.refreshing = refreshing;
    }

    @Post("/sessions")
    HttpResponse<SessionView> create(Caller caller, String project, @Body NewSession body) {
        return tagged(HttpResponse.created(""), service.create(caller, project, body));
    }

    @Post("/workspaces/{workspace}/sessions")
    HttpResponse<SessionView> createIn(
            Caller caller, String project, String workspace, @Nullable @Body NewSession body) {
        NewSession wanted = body == null ? NewSession.forChat(null, workspace, null, null, null) : body.in(workspace);
        return tagged(HttpResponse.created(""), service.create(caller, project, wanted));
    }

    @Get("/sessions")
    SessionView.SessionList list(
            String project,
            @Nullable @QueryValue String status,
            @Nullable @QueryValue String workspaceId,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        List<Session> rows = sessions.list(project, status, workspaceId, position(cursor), size + 1);
        Paging.Page<Session> page = Paging.page(rows, size, session -> session.createdAt() + " " + session.id());
        return new SessionView.SessionList(
                page.items().stream().map(SessionView::of).toList(), page.nextCursor());
    }

    @Get("/workspaces/{workspace}/sessions")
    SessionView.SessionList listIn(
            String project,
            String workspace,
            @Nullable @QueryValue String status,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        return list(project, status, workspace, limit, cursor);
    }

    @Get("/sessions/{session}")
    HttpResponse<SessionView> get(String project, String session) {
        return tagged(HttpResponse.ok(""), service.get(project, session));
    }

    @Put("/sessions/{session}")
    HttpResponse<SessionView> put(
            String project,
            String session,
            @Body Map<String, Object> body,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
        return patch(project, session, body, ifMatch);
    }

    @Patch("/sessions/{session}")
    HttpResponse<SessionView> patch(
            String project,
            String session,
            @Body Map<String, Object> body,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
        Session renamed = service.rename(
                project,
                session,
                name(body, "name"),
                body.containsKey("displayName"),
                name(body, "displayName"),
                ifMatch);
        return tagged(HttpResponse.ok(""), renamed);
    }

    @Delete("/sessions/{session}")
    HttpResponse<Map<String, Object>> delete(
            String project, String session, @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
        service.remove(project, session, ifMatch);
        return HttpResponse.ok(Map.of("success", true, "status", "removing"));
    }

    @Post("/sessions/{session}/stop")
    SessionView stop(String project, String session) {
        return SessionView.of(service.stop(project, session));
    }

    @Post("/sessions/{session}/resume")
    SessionView resume(String project, String session) {
        service.requireRoom(project, session);
        return SessionView.of(service.resume(project, session));
    }

    @Post("/sessions/{session}/restart")
    SessionView restart(String project, String session) {
        service.requireRoom(project, session);
        return SessionView.of(service.restart(project, session));
    }

    @Post("/sessions/{session}/upgrade")
    SessionView upgrade(String project, String session) {
        service.requireRoom(project, session);
        return SessionView.of(service.upgrade(project, session));
    }

    @Post("/sessions/refresh")
    SessionRefresh.Refreshed refresh(String project, @QueryValue(defaultValue = "false") boolean outdatedOnly) {
        return refreshing.run(project, outdatedOnly);
    }

    @Get("/sessions/{session}/update")
    ImageUpdates.UpdateView update(String project, String session) {
        return updates.of(service.get(project, session));
    }

    @Post("/sessions/{session}/fork")
    HttpResponse<SessionView> fork(Caller caller, String project, String session, @Nullable @Body ForkRequest body) {
        ForkRequest request = body == null ? ForkRequest.PLAIN : body;
        service.requireRoomForFork(project, session, request);
        return tagged(HttpResponse.created(""), service.fork(caller, project, session, request));
    }

    private static HttpResponse<SessionView> tagged(
            io.micronaut.http.MutableHttpResponse<?> response, Session session) {
        return response.header(HttpHeaders.ETAG, Etag.of(session.version())).body(SessionView.of(session));
    }

    private static @Nullable String name(Map<String, Object> body, String field) {
        Object value = body.get(field);
        if (value != null && !(value instanceof String)) {
            throw ProblemException.invalid(field, "not a text (expected: a text or null)");
        }
        return value instanceof String text && !text.isBlank() ? NewSession.checkedName(field, text) : null;
    }

    private static SessionRepository.@Nullable Position position(@Nullable String cursor) {
        String position = Paging.position(cursor);
        if (position == null) {
            return null;
        }
        try {
            String[] parts = position.split(" ", 2);
            return new SessionRepository.Position(Instant.parse(parts[0]), parts[1]);
        } catch (DateTimeParseException | ArrayIndexOutOfBoundsException _) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
    }
}
