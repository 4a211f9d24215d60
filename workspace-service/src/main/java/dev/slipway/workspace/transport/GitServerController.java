package dev.slipway.workspace.transport;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Checkouts;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Git's three requests. Who asks is known from mitm-proxy, which knows it from the socket that the request came by. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/git/{session}.git")
class GitServerController {
    private static final String PROXY = "mitm-proxy";

    private final Checkouts checkouts;
    private final GitServer server;

    GitServerController(Checkouts checkouts, GitServer server) {
        this.checkouts = checkouts;
        this.server = server;
    }

    @Get("/info/refs")
    @Produces(MediaType.ALL)
    HttpResponse<InputStream> advertise(
            String session,
            Caller caller,
            @Nullable @QueryValue String service,
            @Nullable @Header("Git-Protocol") String protocol) {
        Checkout checkout = admit(session, caller);
        GitService wanted = GitService.of(service);
        return fresh(server.advertise(checkout, wanted, protocol), wanted.advertisementType());
    }

    @Post("/git-upload-pack")
    @Consumes("application/x-git-upload-pack-request")
    @Produces(MediaType.ALL)
    HttpResponse<InputStream> fetch(
            String session, Caller caller, @Nullable @Header("Git-Protocol") String protocol, @Body InputStream body) {
        Checkout checkout = admit(session, caller);
        return fresh(server.fetch(checkout, protocol, body), GitService.UPLOAD_PACK.resultType());
    }

    @Post("/git-receive-pack")
    @Consumes("application/x-git-receive-pack-request")
    @Produces(MediaType.ALL)
    HttpResponse<InputStream> push(
            String session, Caller caller, @Nullable @Header("Git-Protocol") String protocol, @Body InputStream body) {
        Checkout checkout = admit(session, caller);
        return fresh(server.push(checkout, protocol, body), GitService.RECEIVE_PACK.resultType());
    }

    /** Another session's repository is answered as if it were not there. */
    private Checkout admit(String session, Caller caller) {
        if (!caller.issuer().equals(PROXY)) {
            throw ProblemException.forbidden("Only sandboxes, through their proxy, may use this.");
        }
        Checkout checkout = checkouts
                .find(session)
                .filter(found ->
                        session.equals(caller.sessionId()) && found.projectId().equals(caller.projectId()))
                .orElseThrow(() -> ProblemException.notFound("repository"));
        return switch (checkout.state()) {
            case "ready" -> checkout;
            case "preparing" ->
                throw ProblemException.starting("The session's branch is still being made.", Duration.ofSeconds(1));
            default -> throw ProblemException.notFound("repository");
        };
    }

    private static HttpResponse<InputStream> fresh(InputStream body, String type) {
        MutableHttpResponse<InputStream> response = HttpResponse.ok(body);
        return response.header(HttpHeaders.CONTENT_TYPE, type)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache, max-age=0, must-revalidate")
                .header(HttpHeaders.PRAGMA, "no-cache");
    }
}
