package dev.slipway.gateway.login;

import dev.slipway.gateway.user.LoginService;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.authentication.AuthenticationResponse;
import io.micronaut.security.oauth2.client.OauthClient;
import io.micronaut.security.oauth2.endpoint.authorization.response.AuthorizationErrorResponseException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Sends browsers to a provider and finds out who comes back. Waits for the provider, at most 20 s. */
@Singleton
class ExternalLogin {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalLogin.class);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Providers providers;
    private final LoginFlows flows;
    private final FlowValues values;
    private final LoginService logins;

    ExternalLogin(Providers providers, LoginFlows flows, FlowValues values, LoginService logins) {
        this.providers = providers;
        this.flows = flows;
        this.values = values;
        this.logins = logins;
    }

    /** Where the browser goes, and the key by which it is known when it comes back. */
    record Departure(URI location, String key) {
        @Override
        public String toString() {
            return "Departure[" + location.getHost() + "]";
        }
    }

    /** Who came back, and the flow that it ends. */
    record Arrival(ExternalIdentity identity, LoginFlow flow) {}

    Departure begin(
            HttpRequest<?> request,
            String provider,
            String returnPath,
            @Nullable String inviteCode,
            @Nullable String linkTo) {
        OauthClient client = client(provider);
        MutableHttpResponse<?> redirect = answered(provider, () -> client.authorizationRedirect(request));
        String key = flows.keep(new LoginFlow(
                provider,
                values.madeState(request).orElseThrow(),
                values.madeNonce(request).orElse(null),
                values.madeVerifier(request).orElseThrow(),
                returnPath,
                inviteCode,
                linkTo));
        return new Departure(
                URI.create(Objects.requireNonNull(redirect.getHeaders().get(HttpHeaders.LOCATION))), key);
    }

    Arrival finish(HttpRequest<?> request, String provider, @Nullable String key) {
        OauthClient client = client(provider);
        LoginFlow flow = (key == null ? java.util.Optional.<LoginFlow>empty() : flows.take(key, provider))
                .orElseThrow(LoginRefusals::expired);
        flow.attachTo(request);
        // Before anything else that the query says, so that only the provider's own answer to this login counts.
        if (!flow.state().equals(request.getParameters().get("state"))) {
            throw LoginRefusals.expired();
        }
        @SuppressWarnings("unchecked") // a GET has no body, so its type is nothing
        HttpRequest<Map<String, Object>> callback = (HttpRequest<Map<String, Object>>) request;
        AuthenticationResponse answer = answered(provider, () -> client.onCallback(callback));
        Authentication who = answer.getAuthentication().orElseThrow(() -> {
            LOG.atWarn()
                    .addKeyValue("provider", provider)
                    .addKeyValue("reason", answer.getMessage().orElse("unknown"))
                    .log("login by provider failed");
            return LoginRefusals.failed();
        });
        return new Arrival(ExternalIdentity.from(who.getAttributes()), flow);
    }

    private OauthClient client(String provider) {
        logins.requireEnabled();
        return providers.client(provider).orElseThrow(() -> LoginRefusals.unknownProvider(provider));
    }

    private static <T> T answered(String provider, Supplier<Publisher<T>> question) {
        try {
            T answer = Mono.from(question.get()).block(DEADLINE);
            if (answer == null) {
                throw LoginRefusals.failed();
            }
            return answer;
        } catch (ProblemException e) {
            throw e;
        } catch (AuthorizationErrorResponseException _) {
            throw LoginRefusals.denied();
        } catch (HttpClientResponseException e) {
            throw e.getStatus().getCode() < 500 ? LoginRefusals.failed() : away(provider, e);
        } catch (HttpClientException | IllegalStateException e) {
            throw away(provider, e);
        }
    }

    private static ProblemException away(String provider, RuntimeException cause) {
        LOG.atWarn()
                .addKeyValue("provider", provider)
                .addKeyValue("reason", cause.toString())
                .log("login provider does not answer");
        return LoginRefusals.providerAway(provider);
    }
}
