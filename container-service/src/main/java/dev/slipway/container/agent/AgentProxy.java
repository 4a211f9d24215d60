package dev.slipway.container.agent;

import dev.slipway.container.runtime.SandboxName;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a request on to a session's agent and its answer back, both as they come. Of the headers only those named here
 * pass, in either direction: no identity goes in, and nothing that would speak for us, such as a cookie, comes out.
 */
@Singleton
class AgentProxy {
    private static final Logger LOG = LoggerFactory.getLogger(AgentProxy.class);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);
    private static final List<String> IN = List.of(
            "accept",
            "accept-language",
            "content-type",
            "if-match",
            "if-none-match",
            "last-event-id",
            "range",
            "x-request-id",
            "traceparent");
    private static final List<String> OUT = List.of(
            "content-type",
            "content-disposition",
            "content-range",
            "accept-ranges",
            "etag",
            "last-modified",
            "retry-after",
            "allow",
            "cache-control",
            "x-accel-buffering");

    private final ReadySandboxes sandboxes;
    private final AgentSockets sockets;

    AgentProxy(ReadySandboxes sandboxes, AgentSockets sockets) {
        this.sandboxes = sandboxes;
        this.sockets = sockets;
    }

    /**
     * Passes the request on.
     *
     * @param target path and query at the agent, encoded
     */
    HttpResponse<AgentAnswer> pass(String project, String session, HttpRequest<?> request, String target) {
        sandboxes.ready(project, session);
        AgentAnswer answer = send(new SandboxName(session), (ServerHttpRequest<?>) request, target);
        MutableHttpResponse<AgentAnswer> response = HttpResponse.<AgentAnswer>status(
                        HttpStatus.valueOf(answer.status()))
                .body(answer);
        OUT.forEach(name -> answer.header(name).ifPresent(value -> response.header(name, value)));
        return response;
    }

    private AgentAnswer send(SandboxName name, ServerHttpRequest<?> request, String target) {
        OptionalLong length = request.byteBody().expectedLength();
        boolean empty = length.isPresent() && length.getAsLong() == 0;
        try {
            InputStream body = empty ? null : request.byteBody().toInputStream();
            AgentCall call = new AgentCall(request.getMethodName(), target, headers(request), body, length);
            return AgentExchange.send(sockets.connect(name), call, SILENCE_MAX);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("sessionId", name.sessionId())
                    .addKeyValue("reason", e.toString())
                    .log("agent does not answer");
            throw ProblemException.of(
                    HttpStatus.BAD_GATEWAY,
                    "agent-broken",
                    "The agent in the sandbox does not answer. Try again in a moment; if it stays, restart the session.");
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("path", String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> headers(HttpRequest<?> request) {
        HttpHeaders given = request.getHeaders();
        Map<String, String> passed = new LinkedHashMap<>();
        for (String name : IN) {
            String value = given.get(name);
            if (value != null) {
                passed.put(name.toLowerCase(Locale.ROOT), value);
            }
        }
        return passed;
    }
}
