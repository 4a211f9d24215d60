package dev.slipway.gateway.user;

import dev.slipway.gateway.audit.Witness;
import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.ClientOrigin;
import dev.slipway.gateway.user.LoginService.Login;
import dev.slipway.gateway.user.LoginService.NewUser;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Login with user name and password, and who one is. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller
class AuthController {
    private final LoginService logins;
    private final SigningKeys keys;

    AuthController(LoginService logins, SigningKeys keys) {
        this.logins = logins;
        this.keys = keys;
    }

    @Serdeable
    record Credentials(
            @NotBlank @Size(max = 100) String username,
            @NotBlank @Size(max = 200) String password) {
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    @Serdeable
    record Registration(
            @NotBlank @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{1,49}")
            String username,

            @NotBlank @Email String email,
            @NotBlank @Size(min = 10, max = 200) String password,
            @NotBlank String inviteCode,
            @Nullable @Size(max = 100) String displayName) {
        @Override
        public String toString() {
            return "Registration[hidden]";
        }
    }

    @Serdeable
    record RefreshToken(@NotBlank String refreshToken) {
        @Override
        public String toString() {
            return "RefreshToken[hidden]";
        }
    }

    @Serdeable
    record Me(String id, String username, @Nullable String email, String name, String provider, boolean systemAdmin) {
        static Me of(User user, String provider) {
            return new Me(user.id(), user.username(), user.email(), user.displayName(), provider, user.systemAdmin());
        }
    }

    @Serdeable
    record LoggedIn(String token, String refreshToken, Me user) {
        @Override
        public String toString() {
            return "LoggedIn[hidden]";
        }
    }

    @Post("/auth/login")
    HttpResponse<LoggedIn> login(HttpRequest<?> request, @Body @Valid Credentials body) {
        Witness.of(request).claimed(body.username());
        try {
            return answer(
                    request, HttpStatus.OK, logins.login(body.username(), body.password(), ClientOrigin.of(request)));
        } catch (WrongPasswordException e) {
            logins.noteFailure(e);
            throw ProblemException.of(HttpStatus.UNAUTHORIZED, "unauthorized", "User name or password is wrong.");
        }
    }

    @Post("/auth/register")
    HttpResponse<LoggedIn> register(HttpRequest<?> request, @Body @Valid Registration body) {
        Witness.of(request).claimed(body.username());
        Login login = logins.register(
                new NewUser(body.username(), body.email(), body.password(), body.inviteCode(), body.displayName()),
                ClientOrigin.of(request));
        return answer(request, HttpStatus.CREATED, login);
    }

    @Post("/auth/refresh")
    LoggedIn refresh(HttpRequest<?> request, @Body @Valid RefreshToken body) {
        Login login = logins.refresh(body.refreshToken())
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.UNAUTHORIZED,
                        "unauthorized",
                        "This refresh token is no longer good. Log in again."));
        Witness.of(request).loggedIn(login.user());
        return new LoggedIn(login.access(), login.refresh(), Me.of(login.user(), login.provider()));
    }

    @Post("/auth/logout")
    HttpResponse<?> logout(HttpRequest<?> request) {
        Identities.sessionCookie(request.getHeaders().getAll(HttpHeaders.COOKIE))
                .ifPresent(logins::logout);
        return HttpResponse.noContent().cookie(SessionCookies.none(request));
    }

    @Get("/auth/me")
    Me me(Admission admission) {
        return Me.of(admission.user(), admission.visitor().provider());
    }

    @Get("/.well-known/jwks.json")
    Map<String, Object> keys() {
        return keys.published().toJSONObject();
    }

    private static HttpResponse<LoggedIn> answer(HttpRequest<?> request, HttpStatus status, Login login) {
        Witness.of(request).loggedIn(login.user());
        MutableHttpResponse<LoggedIn> response = HttpResponse.status(status);
        return response.body(new LoggedIn(login.access(), login.refresh(), Me.of(login.user(), login.provider())))
                .cookie(SessionCookies.of(request, login.cookie()));
    }
}
