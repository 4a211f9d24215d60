package dev.slipway.gateway.door;

import dev.slipway.gateway.audit.Witness;
import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the authoriser for everything that the controllers answer. Only what is listed here is open to anyone. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class GuardFilter implements Ordered {
    static final String ATTRIBUTE = "slipway.admission";

    private static final Set<String> OPEN = Set.of(
            "/health",
            "/healthz",
            "/health/liveness",
            "/health/readiness",
            "/openapi.yaml",
            "/api/server-config",
            "/api/docs",
            "/.well-known/jwks.json",
            "/auth/login",
            "/auth/register",
            "/auth/refresh",
            "/auth/logout");
    private static final Pattern LOGIN_ELSEWHERE = Pattern.compile("/auth/(login|callback)/[^/]+");
    private static final Pattern PROJECT = Pattern.compile("/api/projects/([^/]+)(/.*)?");

    private final Authoriser authoriser;
    private final TrustedProxies proxies;

    GuardFilter(Authoriser authoriser, TrustedProxies proxies) {
        this.authoriser = authoriser;
        this.proxies = proxies;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    void guard(HttpRequest<?> request) {
        String path = RequestHead.path(request.getUri().getRawPath());
        ClientOrigin origin =
                proxies.origin(request.getRemoteAddress(), request.isSecure(), request.getHeaders()::getAll);
        origin.attachTo(request);
        Witness witness = witness(request);
        witness.attachTo(request);
        Knock knock = new Knock(request.getMethodName(), path, request.getHeaders()::getAll, origin, witness);
        authoriser.screen(knock);
        if (OPEN.contains(path) || LOGIN_ELSEWHERE.matcher(path).matches()) {
            return;
        }
        request.setAttribute(ATTRIBUTE, admit(knock));
    }

    /** The one that the edge handler has set up for this request. */
    private static Witness witness(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                ? Witness.of(netty.getChannelHandlerContext().channel()).orElseGet(Witness::new)
                : new Witness();
    }

    private Admission admit(Knock knock) {
        Matcher project = PROJECT.matcher(knock.path());
        if (!project.matches()) {
            return authoriser.admit(knock);
        }
        if (!Ids.isWellFormed(project.group(1))) {
            authoriser.admit(knock);
            throw ProblemException.notFound("project");
        }
        return authoriser.admit(knock, new ProjectOf.Named(project.group(1)));
    }
}
