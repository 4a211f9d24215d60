package dev.slipway.kit.identity;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.util.StringUtils;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody in without a token, on any path but health and metrics, and nobody into a project that the token is not for.
 * On unless {@code slipway.internal.guard} is false, as at the gateway, which asks users in its own way.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(property = "slipway.internal.guard", notEquals = StringUtils.FALSE)
final class IdentityFilter implements Ordered {
    static final String ATTRIBUTE = "slipway.caller";

    private static final Pattern OPEN = Pattern.compile("/(health(/.*)?|healthz|prometheus|metrics)");
    private static final Pattern PROJECT = Pattern.compile("/internal/projects/([^/]+)(/.*)?");

    private final IdentityTokens tokens;

    IdentityFilter(IdentityTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @RequestFilter
    void check(HttpRequest<?> request) {
        String path = request.getPath();
        if (OPEN.matcher(path).matches()) {
            return;
        }
        @Nullable String token = request.getHeaders().get(IdentityTokens.HEADER);
        Caller caller = (token == null ? java.util.Optional.<Caller>empty() : tokens.verify(token))
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.UNAUTHORIZED,
                        "unauthorized",
                        "This port is for the other services of Slipway. Use the gateway."));
        Matcher project = PROJECT.matcher(path);
        if (project.matches()
                && caller.role() != Role.SYSTEM
                && !project.group(1).equals(caller.projectId())) {
            throw ProblemException.notFound("project");
        }
        request.setAttribute(ATTRIBUTE, caller);
    }
}
