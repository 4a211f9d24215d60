package dev.slipway.credential.oauth;

import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialView;
import dev.slipway.credential.store.CredentialViews;
import dev.slipway.credential.store.Draft;
import dev.slipway.credential.store.ScopeView;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.kit.problem.Problems;
import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Signing in at providers. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials")
class SignInController {
    private static final Wish USUAL = new Wish(null, null, null, null, null);

    private final SignIns signIns;
    private final CredentialViews views;
    private final Clock clock;

    SignInController(SignIns signIns, CredentialViews views, Clock clock) {
        this.signIns = signIns;
        this.views = views;
        this.clock = clock;
    }

    @Post("/anthropic/authorize")
    AuthorizeView authorizeAnthropic(String project, @Body @Nullable Wish body, Caller caller) {
        return AuthorizeView.of(signIns.authorize(project, Provider.ANTHROPIC, orUsual(body), caller));
    }

    @Post("/anthropic/exchange")
    ExchangeView exchangeAnthropic(String project, @Body Exchange body, Caller caller) {
        String code = body.code() == null ? "" : body.code().strip();
        return view(
                code.startsWith(Draft.SETUP_TOKEN)
                        ? signIns.setupToken(project, code, body.wish(), caller)
                        : signIns.exchange(
                                project, Provider.ANTHROPIC, PastedCode.of(body.code(), body.state()), caller),
                caller);
    }

    @Post("/codex/authorize")
    AuthorizeView authorizeCodex(String project, @Body @Nullable Wish body, Caller caller) {
        return AuthorizeView.of(signIns.authorize(project, Provider.CODEX, orUsual(body), caller));
    }

    @Post("/codex/exchange")
    ExchangeView exchangeCodex(String project, @Body Exchange body, Caller caller) {
        PastedCode pasted = PastedCode.of(body.code(), body.state());
        return view(signIns.exchange(project, Provider.CODEX, pasted, caller), caller);
    }

    @Post("/github-copilot/device-code")
    DeviceCodeView deviceCode(String project, @Body @Nullable DeviceWish body, Caller caller) {
        Wish wish = body == null ? USUAL : body.wish();
        return DeviceCodeView.of(signIns.deviceCode(project, Provider.GITHUB_COPILOT, wish, caller));
    }

    @Post("/github-copilot/poll")
    HttpResponse<?> poll(String project, @Body Poll body, Caller caller, HttpRequest<?> request) {
        if (body.deviceCode() == null || body.deviceCode().isBlank()) {
            throw ProblemException.invalid("deviceCode", "missing (expected: that of …/device-code)");
        }
        return switch (signIns.poll(project, Provider.GITHUB_COPILOT, body.deviceCode(), caller)) {
            case SignIns.Progress.Pending(Duration interval) ->
                HttpResponse.accepted()
                        .body(new PollView("pending", "authorization_pending", interval.toSeconds(), null));
            case SignIns.Progress.TooSoon(Duration interval) ->
                HttpResponse.status(HttpStatus.TOO_MANY_REQUESTS)
                        .header(HttpHeaders.RETRY_AFTER, Long.toString(interval.toSeconds()))
                        .contentType(Problem.MEDIA_TYPE)
                        .body(Problems.problem(
                                HttpStatus.TOO_MANY_REQUESTS,
                                "slow-down",
                                "Asked too soon. Ask again in " + interval.toSeconds() + " seconds.",
                                List.of(),
                                RequestIds.of(request)));
            case SignIns.Progress.Done(Credential credential) ->
                HttpResponse.ok(new PollView("success", null, null, views.of(credential, caller.userId())));
        };
    }

    private ExchangeView view(Credential credential, Caller caller) {
        Instant end = credential.expiresAt();
        return new ExchangeView(
                true,
                views.of(credential, caller.userId()),
                end,
                end == null
                        ? null
                        : Long.valueOf(Duration.between(clock.instant(), end).toSeconds()));
    }

    private static Wish orUsual(@Nullable Wish sent) {
        return sent == null ? USUAL : new Wish(sent.personal(), sent.name(), sent.scope(), sent.redirectUri(), null);
    }

    /** Where a browser is to go. The verifier stays here. */
    @Serdeable
    record AuthorizeView(
            String url, String state, String codeChallenge, String codeChallengeMethod, Instant expiresAt) {
        static AuthorizeView of(SignIns.Begun begun) {
            return new AuthorizeView(begun.url(), begun.state(), begun.codeChallenge(), "S256", begun.expiresAt());
        }
    }

    /** What the user pasted; the fields after {@code state} are for a setup token, which comes without a sign-in. */
    @Serdeable
    record Exchange(
            @Nullable String code,
            @Nullable String state,
            @Nullable Boolean personal,
            @Nullable String name,
            @Nullable ScopeView scope) {
        Wish wish() {
            return new Wish(personal, name, scope, null, null);
        }

        @Override
        public String toString() {
            return "Exchange[hidden]";
        }
    }

    /** What a sign-in gave; {@code expiresIn} in seconds. */
    @Serdeable
    record ExchangeView(
            boolean success,
            CredentialView credential,
            @Nullable Instant expiresAt,
            @Nullable Long expiresIn) {}

    /** Where to sign in with a device code: {@code deploymentType} is {@code enterprise} with an {@code enterpriseUrl}. */
    @Serdeable
    record DeviceWish(
            @Nullable String deploymentType,
            @Nullable String enterpriseUrl,
            @Nullable Boolean personal,
            @Nullable String name,
            @Nullable ScopeView scope) {
        Wish wish() {
            if ("enterprise".equals(deploymentType) && (enterpriseUrl == null || enterpriseUrl.isBlank())) {
                throw ProblemException.invalid("enterpriseUrl", "missing (expected: the enterprise's domain)");
            }
            return new Wish(personal, name, scope, null, enterpriseUrl);
        }
    }

    /** What the user types in where; {@code deviceCode} stands for the provider's own, which stays here. Times in seconds. */
    @Serdeable
    record DeviceCodeView(
            String deviceCode, String userCode, String verificationUri, long expiresIn, long interval, String domain) {
        static DeviceCodeView of(SignIns.DeviceBegun begun) {
            TokenEndpoint.DeviceCode code = Objects.requireNonNull(begun.code());
            return new DeviceCodeView(
                    begun.handle(),
                    code.userCode(),
                    code.verificationUri(),
                    code.lifetime().toSeconds(),
                    code.interval().toSeconds(),
                    begun.domain());
        }
    }

    /** Which sign-in is meant. */
    @Serdeable
    record Poll(@Nullable String deviceCode) {}

    /** How it goes: {@code status} is {@code pending} or {@code success}. */
    @Serdeable
    record PollView(
            String status,
            @Nullable String error,
            @Nullable Long interval,
            @Nullable CredentialView credential) {}
}
