package dev.slipway.gateway.login;

import dev.slipway.gateway.audit.Witness;
import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.ClientOrigin;
import dev.slipway.gateway.login.ExternalLogin.Arrival;
import dev.slipway.gateway.login.ExternalLogin.Departure;
import dev.slipway.gateway.user.LoginService;
import dev.slipway.gateway.user.SessionCookies;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.CookieValue;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Login by GitHub, Google or any OpenID Provider. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller
class ExternalLoginController {
    /** Names the login that is away; sent back to the callback alone. */
    static final String COOKIE = "slipway_login";

    private final ExternalLogin login;
    private final ExternalAccounts accounts;

    ExternalLoginController(ExternalLogin login, ExternalAccounts accounts) {
        this.login = login;
        this.accounts = accounts;
    }

    @Serdeable
    record Elsewhere(String location) {
        @Override
        public String toString() {
            return "Elsewhere[hidden]";
        }
    }

    @Get("/auth/login/{provider}")
    @Produces(MediaType.ALL)
    HttpResponse<?> begin(
            HttpRequest<?> request,
            @PathVariable String provider,
            @Nullable @QueryValue String returnTo,
            @Nullable @QueryValue String inviteCode) {
        Departure departure = login.begin(request, provider, ReturnPath.checked(returnTo), inviteCode, null);
        return HttpResponse.seeOther(departure.location()).cookie(away(request, departure.key()));
    }

    /** Begins to link an identity to the account of the caller. No link that another page holds out can do this: it is a POST. */
    @Post("/auth/link/{provider}")
    HttpResponse<Elsewhere> link(
            HttpRequest<?> request,
            Admission admission,
            @PathVariable String provider,
            @Nullable @QueryValue String returnTo) {
        admission.requireAccountScope();
        Departure departure = login.begin(
                request,
                provider,
                ReturnPath.checked(returnTo),
                null,
                admission.user().id());
        return HttpResponse.ok(new Elsewhere(departure.location().toString())).cookie(away(request, departure.key()));
    }

    @Get("/auth/callback/{provider}")
    @Produces(MediaType.ALL)
    HttpResponse<?> callback(
            HttpRequest<?> request, @PathVariable String provider, @Nullable @CookieValue(COOKIE) String key) {
        try {
            Arrival arrival = login.finish(request, provider, key);
            return arrived(request, arrival);
        } catch (ProblemException e) {
            if (!isBrowser(request)) {
                throw e;
            }
            return HttpResponse.seeOther(URI.create("/?loginError=" + e.kind())).cookie(back(request));
        }
    }

    private HttpResponse<?> arrived(HttpRequest<?> request, Arrival arrival) {
        URI target = URI.create(arrival.flow().returnPath());
        @Nullable String linkTo = arrival.flow().linkTo();
        if (linkTo != null) {
            accounts.link(arrival.identity(), linkTo);
            return HttpResponse.seeOther(target).cookie(back(request));
        }
        LoginService.Login made = accounts.logIn(arrival.identity(), arrival.flow(), ClientOrigin.of(request));
        Witness.of(request).loggedIn(made.user());
        return HttpResponse.seeOther(target)
                .cookie(SessionCookies.of(request, made.cookie()))
                .cookie(back(request));
    }

    private static boolean isBrowser(HttpRequest<?> request) {
        String accept = request.getHeaders().get(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    private static Cookie away(HttpRequest<?> request, String key) {
        return Cookie.of(COOKIE, key)
                .path("/auth/callback")
                .httpOnly(true)
                .sameSite(SameSite.Lax)
                .secure(ClientOrigin.of(request).secure())
                .maxAge(LoginFlows.LIFETIME);
    }

    private static Cookie back(HttpRequest<?> request) {
        return away(request, "").maxAge(0);
    }
}
