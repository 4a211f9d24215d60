package dev.slipway.container.upgrade;

import dev.slipway.container.upgrade.UpgradeRoute.Upgraded;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.kit.problem.Problems;
import io.micronaut.http.HttpStatus;
import io.micronaut.serde.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the routes, and lets in whom the internal identity allows, by the same rules as for every other path. */
@Singleton
class UpgradeGate {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeGate.class);

    private final List<UpgradeRoute> routes;
    private final IdentityTokens tokens;
    private final ObjectMapper json;

    UpgradeGate(List<UpgradeRoute> routes, IdentityTokens tokens, ObjectMapper json) {
        this.routes = List.copyOf(routes);
        this.tokens = tokens;
        this.json = json;
    }

    /** Whether the request is for one of the routes. */
    boolean wants(HttpRequest request) {
        return HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(
                        request.headers().get(HttpHeaderNames.UPGRADE, ""))
                && routes.stream()
                        .anyMatch(route -> route.path().matcher(path(request)).matches());
    }

    /** Checks and prepares; may wait. */
    Upgraded prepare(FullHttpRequest request) {
        for (UpgradeRoute route : routes) {
            Matcher path = route.path().matcher(path(request));
            if (path.matches()) {
                Caller caller = caller(request, path.group(1));
                request.headers().remove(IdentityTokens.HEADER);
                return route.prepare(new UpgradeRequest(caller, path.toMatchResult(), request));
            }
        }
        throw ProblemException.notFound("path");
    }

    private Caller caller(HttpRequest request, String project) {
        @Nullable String token = request.headers().get(IdentityTokens.HEADER);
        Caller caller = (token == null ? java.util.Optional.<Caller>empty() : tokens.verify(token))
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.UNAUTHORIZED,
                        "unauthorized",
                        "This port is for the other services of Slipway. Use the gateway."));
        if (caller.role() != Role.SYSTEM && !project.equals(caller.projectId())) {
            throw ProblemException.notFound("project");
        }
        caller.require(Role.MEMBER);
        return caller;
    }

    /** The answer to a request that could not be granted. */
    FullHttpResponse refusal(RuntimeException reason) {
        ProblemException problem = reason instanceof ProblemException known ? known : unexpected(reason);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.status().getCode()),
                Unpooled.wrappedBuffer(body(problem)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        return response;
    }

    private static ProblemException unexpected(RuntimeException reason) {
        LOG.atError().setCause(reason).log("upgrade failed");
        return ProblemException.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal-server-error",
                "Something went wrong on our side. Try again; if it stays, look into the log of container-service.");
    }

    private byte[] body(ProblemException problem) {
        try {
            return json.writeValueAsBytes(Problems.of(problem, null));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a problem", e);
        }
    }

    private static String path(HttpRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
