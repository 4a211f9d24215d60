package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.http.HttpRequest;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.session.AgentSession;
import dev.slipway.agent.session.Phase;
import dev.slipway.agent.session.RequestAnswer;
import dev.slipway.agent.session.Supervisor;
import dev.slipway.agent.session.TurnRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** The session, its turns and its permission requests. */
public final class AgentApi {
    /** A prompt may hold images. */
    private static final int TURN_BYTES_MAX = 24 << 20;

    private static final int BODY_BYTES_MAX = 1 << 20;

    private final Supervisor supervisor;
    private final String version;
    private final Rehearsal rehearsal;
    private final Semaphore stage = new Semaphore(1);

    /** What is done once before a session comes, so that the session need not wait for what is done for the first time. */
    @FunctionalInterface
    public interface Rehearsal {
        /** Returns when it is over; nothing of it is left. */
        void run() throws IOException, InterruptedException;
    }

    public AgentApi(Supervisor supervisor, String version, Rehearsal rehearsal) {
        this.supervisor = supervisor;
        this.version = version;
        this.rehearsal = rehearsal;
    }

    /** Adds its rows to the table of paths. */
    public void addTo(Router router) {
        router.route("GET", "/health", this::health)
                .route("PUT", "/session", this::configure)
                .route("GET", "/session", (_, _) -> HttpResponse.json(200, supervisor.status()))
                .route("POST", "/rehearsal", this::rehearse)
                .route("POST", "/turns", this::startTurn)
                .route("POST", "/turns/{id}/cancel", this::cancelTurn)
                .route("POST", "/requests/{id}", this::answerRequest);
    }

    private HttpResponse health(HttpRequest request, Map<String, String> path) {
        return HttpResponse.json(
                200,
                object().put("status", "ok")
                        .put("version", version)
                        .put("phase", supervisor.phase().wire()));
    }

    private HttpResponse configure(HttpRequest request, Map<String, String> path) throws IOException {
        AgentSession session = parsed(AgentSession::parse, request.json(BODY_BYTES_MAX));
        return switch (supervisor.configure(session)) {
            case ACCEPTED -> HttpResponse.json(202, supervisor.status());
            case BELONGS_TO_ANOTHER ->
                throw Problem.of(409, "This sandbox belongs to another session; make a new one.");
        };
    }

    private HttpResponse rehearse(HttpRequest request, Map<String, String> path) throws IOException {
        if (supervisor.phase() != Phase.EMPTY) {
            throw Problem.of(409, "This sandbox has a session, which nothing is to disturb.");
        }
        if (!stage.tryAcquire()) {
            throw Problem.retryLater("A rehearsal is going on.");
        }
        try {
            rehearsal.run();
            return HttpResponse.json(200, object());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Problem.retryLater("The agent stops.");
        } finally {
            stage.release();
        }
    }

    private HttpResponse startTurn(HttpRequest request, Map<String, String> path) throws IOException {
        TurnRequest turn = parsed(TurnRequest::parse, request.json(TURN_BYTES_MAX));
        ObjectNode answer = object().put("turnId", turn.turnId());
        return switch (supervisor.startTurn(turn)) {
            case STARTED -> HttpResponse.json(202, answer);
            case KNOWN_ALREADY -> HttpResponse.json(200, answer);
            case ANOTHER_RUNS -> throw Problem.of(409, "Another turn is running; wait for its end or cancel it.");
            case HISTORY_WANTED ->
                throw Problem.of(428, "The agent does not know what was said before; send it as history.");
            case NOT_READY ->
                throw Problem.retryLater("The agent is not ready: "
                        + supervisor.status().path("message").asText());
        };
    }

    private HttpResponse cancelTurn(HttpRequest request, Map<String, String> path) {
        if (!supervisor.cancelTurn(String.valueOf(path.get("id")))) {
            throw Problem.of(409, "This turn is not running.");
        }
        return HttpResponse.json(202, object());
    }

    private HttpResponse answerRequest(HttpRequest request, Map<String, String> path) throws IOException {
        supervisor.answerRequest(String.valueOf(path.get("id")), answer(request.json(BODY_BYTES_MAX)));
        return HttpResponse.json(200, object());
    }

    private static RequestAnswer answer(JsonNode body) {
        if (body.path("cancelled").asBoolean()) {
            return new RequestAnswer.Cancelled();
        }
        if (body.path("declined").asBoolean()) {
            return new RequestAnswer.Declined();
        }
        if (body.path("answers").isObject()) {
            return new RequestAnswer.Said(body.path("answers"));
        }
        if (!body.path("optionId").isTextual()) {
            throw Problem.of(400, "The body has none of optionId, answers, declined and cancelled.");
        }
        return new RequestAnswer.Chosen(body.path("optionId").asText());
    }

    private static <T> T parsed(Function<JsonNode, T> parser, JsonNode body) {
        try {
            return parser.apply(body);
        } catch (IllegalArgumentException e) {
            throw Problem.of(422, String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
