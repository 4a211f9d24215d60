package dev.slipway.credential.oauth;

import dev.slipway.credential.oauth.SignInStore.SignInKey;
import dev.slipway.credential.outgoing.Outgoing;
import dev.slipway.credential.outgoing.UnreachableException;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Scope;
import dev.slipway.credential.provider.Target;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialService;
import dev.slipway.credential.store.Draft;
import dev.slipway.credential.store.ScopeView;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The use cases of signing in. What only this service may know of a sign-in stays here, and each is good once. */
@Singleton
class SignIns {
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int AT_ONCE_MAX = 20;

    /** What RFC 8628, section 3.5, adds to the interval when the provider does not say. */
    private static final Duration SLOWER = Duration.ofSeconds(5);

    /** A redirect to the user's own machine (RFC 8252, section 7.3): nobody else gets the code. */
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(localhost|127\\.0\\.0\\.1):[0-9]{2,5}/[!-~]{0,200}");

    private final OAuthClients clients;
    private final EnterpriseDomains domains;
    private final SignInStore store;
    private final TokenEndpoint endpoint;
    private final CredentialService credentials;
    private final Vault vault;
    private final Clock clock;

    SignIns(
            OAuthClients clients,
            EnterpriseDomains domains,
            SignInStore store,
            TokenEndpoint endpoint,
            CredentialService credentials,
            Vault vault,
            Clock clock) {
        this.clients = clients;
        this.domains = domains;
        this.store = store;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.vault = vault;
        this.clock = clock;
    }

    /** Where a browser is to go. */
    record Begun(String url, String state, String codeChallenge, Instant expiresAt) {}

    /** What a user is to type in where; {@code handle} stands for the device code, which stays here. */
    record DeviceBegun(String handle, TokenEndpoint.DeviceCode code, String domain) {}

    /** How a sign-in with a device code goes. */
    sealed interface Progress {
        /** The user has not typed the code in yet. */
        record Pending(Duration interval) implements Progress {}

        /** Asked too soon. */
        record TooSoon(Duration interval) implements Progress {}

        /** Done. */
        record Done(Credential credential) implements Progress {}
    }

    /** Begins a sign-in by browser (RFC 7636). */
    Begun authorize(String projectId, Provider provider, Wish wish, Caller caller) {
        OAuthClient client = begin(projectId, provider, wish, caller);
        String redirectUri = redirectUri(client, wish.redirectUri());
        String verifier = Pkce.verifier();
        String state = Pkce.state();
        store.begin(key(projectId, Pkce.idOf(state), caller, provider), verifier, wish, Duration.ZERO, LIFETIME);
        Map<String, String> query = new LinkedHashMap<>();
        if (provider == Provider.ANTHROPIC) {
            // Shows the code to the user, who pastes it here.
            query.put("code", "true");
        }
        query.put("client_id", client.clientId());
        query.put("response_type", "code");
        query.put("redirect_uri", redirectUri);
        query.put("scope", client.scopes());
        query.put("code_challenge", Pkce.challenge(verifier));
        query.put("code_challenge_method", "S256");
        query.put("state", state);
        if (provider == Provider.CODEX) {
            query.put("id_token_add_organizations", "true");
            query.put("codex_cli_simplified_flow", "true");
        }
        String parameters = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + Outgoing.encode(each.getValue()))
                .collect(Collectors.joining("&"));
        return new Begun(
                client.authorizeUrl() + "?" + parameters,
                state,
                Pkce.challenge(verifier),
                clock.instant().plus(LIFETIME));
    }

    /** Ends a sign-in by browser. */
    Credential exchange(String projectId, Provider provider, PastedCode pasted, Caller caller) {
        OAuthClient client = clients.get(provider.wireName());
        SignIn signIn = store.find(key(projectId, Pkce.idOf(pasted.state()), caller, provider))
                .orElseThrow(() -> ProblemException.invalid(
                        "code", "of no sign-in that you began here (expected: the newest one's; begin again)"));
        requireLive(signIn);
        requireRole(signIn.wish(), caller);
        if (!store.use(signIn)) {
            throw used();
        }
        String redirectUri = redirectUri(client, signIn.wish().redirectUri());
        return switch (endpoint.exchange(client, pasted.code(), pasted.state(), secret(signIn), redirectUri)) {
            case Grant.Given given -> store(signIn, provider, given);
            case Grant.Refused refused -> throw refused(provider, refused.error());
            case Grant.Unclear(String reason, Duration _) -> throw unclear(provider, reason);
        };
    }

    /** Stores a setup token of Anthropic that was pasted where a code is expected. */
    Credential setupToken(String projectId, String token, Wish wish, Caller caller) {
        requireRole(wish, caller);
        return credentials.store(
                projectId,
                Draft.setupToken(owner(wish, caller.userId()), wish.name(), ScopeView.checked(wish.scope()), token));
    }

    /** Begins a sign-in with a device code (RFC 8628). */
    DeviceBegun deviceCode(String projectId, Provider provider, Wish wish, Caller caller) {
        String host = domains.host(wish.host());
        Wish checked = new Wish(wish.personal(), wish.name(), wish.scope(), null, host);
        OAuthClient client = begin(projectId, provider, checked, caller);
        TokenEndpoint.DeviceCode code;
        try {
            code = endpoint.deviceCode(client, host);
        } catch (UnreachableException | TokenEndpoint.NoDeviceCode e) {
            throw unclear(provider, Objects.requireNonNull(e.getMessage()));
        }
        String handle = Pkce.state();
        store.begin(
                key(projectId, handle, caller, provider), code.deviceCode(), checked, code.interval(), code.lifetime());
        return new DeviceBegun(handle, code, host == null ? "github.com" : host);
    }

    /** Asks whether the user has typed the code in. */
    Progress poll(String projectId, Provider provider, String handle, Caller caller) {
        OAuthClient client = clients.get(provider.wireName());
        SignIn signIn = store.find(key(projectId, handle, caller, provider))
                .orElseThrow(() -> ProblemException.invalid(
                        "deviceCode", "of no sign-in that you began here (expected: the newest one's; begin again)"));
        requireLive(signIn);
        requireRole(signIn.wish(), caller);
        Duration interval = Duration.ofSeconds(signIn.intervalSeconds());
        if (!store.takeTurn(signIn)) {
            return new Progress.TooSoon(interval);
        }
        String host = signIn.wish().host();
        return switch (endpoint.poll(client, host, secret(signIn))) {
            case Grant.Given given -> {
                store.use(signIn);
                yield new Progress.Done(store(signIn, provider, shortLived(client, host, given)));
            }
            case Grant.Unclear(String reason, Duration _) -> throw unclear(provider, reason);
            case Grant.Refused refused -> progress(signIn, provider, refused);
        };
    }

    /** What a refusal means to somebody who polls (RFC 8628, section 3.5). */
    private Progress progress(SignIn signIn, Provider provider, Grant.Refused refused) {
        Duration interval = Duration.ofSeconds(signIn.intervalSeconds());
        return switch (refused.error()) {
            case "authorization_pending" -> new Progress.Pending(interval);
            case "slow_down" -> {
                Duration said = refused.interval();
                Duration next = said == null ? interval.plus(SLOWER) : said;
                store.slowDown(signIn, next);
                yield new Progress.TooSoon(next);
            }
            case "expired_token" -> {
                store.use(signIn);
                throw expired();
            }
            case "access_denied" -> {
                store.use(signIn);
                throw ProblemException.of(
                        HttpStatus.FORBIDDEN,
                        "sign-in-denied",
                        "The sign-in was denied at the provider. Begin again if that was not meant.");
            }
            default -> throw refused(provider, refused.error());
        };
    }

    private OAuthClient begin(String projectId, Provider provider, Wish wish, Caller caller) {
        requireRole(wish, caller);
        OAuthClient client = clients.get(provider.wireName());
        if (store.count(projectId, caller.userId()) >= AT_ONCE_MAX) {
            throw ProblemException.conflict(
                    "too-many",
                    "You have " + AT_ONCE_MAX + " sign-ins under way, which is the most. Each ends after ten minutes.");
        }
        // What could not be stored afterwards is refused before the user signs in.
        credentials.requireRoom(
                projectId, draft(provider, wish, caller.userId(), new Grant.Given("to-be-given", null, null, null)));
        return client;
    }

    private Grant.Given shortLived(OAuthClient client, @Nullable String host, Grant.Given given) {
        if (client.exchangeUrl().isBlank()) {
            return given;
        }
        return endpoint.exchanged(client, host, given.token()) instanceof Grant.Given exchanged
                ? exchanged
                // Due at once, so the refresh goes on trying.
                : new Grant.Given(given.token(), given.token(), Duration.ofSeconds(1), null);
    }

    private Credential store(SignIn signIn, Provider provider, Grant.Given given) {
        return credentials.store(signIn.projectId(), draft(provider, signIn.wish(), signIn.userId(), given));
    }

    private static Draft draft(Provider provider, Wish wish, String userId, Grant.Given given) {
        Scope scope = ScopeView.checked(wish.scope());
        Target target = Target.at(wish.host()).withAccount(given.account());
        return Draft.signedIn(
                owner(wish, userId),
                provider,
                wish.name(),
                target,
                scope,
                given.token(),
                given.refresh(),
                given.lifetime());
    }

    private static @Nullable String owner(Wish wish, String userId) {
        return wish.isPersonal() ? userId : null;
    }

    private String secret(SignIn signIn) {
        try {
            return signIn.secret(vault);
        } catch (SealedSecretException e) {
            throw ProblemException.conflict("unreadable", Objects.requireNonNull(e.getMessage()));
        }
    }

    private void requireLive(SignIn signIn) {
        if (signIn.usedAt() != null) {
            throw used();
        }
        if (signIn.expiresAt().isBefore(clock.instant())) {
            throw expired();
        }
    }

    private static void requireRole(Wish wish, Caller caller) {
        caller.require(wish.isPersonal() ? Role.MEMBER : Role.ADMIN);
    }

    private static SignInKey key(String projectId, String id, Caller caller, Provider provider) {
        return new SignInKey(id, projectId, caller.userId(), provider.wireName());
    }

    private static String redirectUri(OAuthClient client, @Nullable String asked) {
        if (asked == null || asked.equals(client.redirectUri())) {
            return client.redirectUri();
        }
        if (!LOOPBACK.matcher(asked).matches()) {
            throw ProblemException.unprocessable(
                    "redirectUri",
                    "not allowed (expected: " + client.redirectUri() + ", or a port of your own machine)");
        }
        return asked;
    }

    private static ProblemException used() {
        return ProblemException.conflict(
                "sign-in-used", "This sign-in was completed before; a code is good once. Begin again if need be.");
    }

    private static ProblemException expired() {
        return ProblemException.of(
                HttpStatus.GONE, "sign-in-expired", "This sign-in took too long and has ended. Begin again.");
    }

    private static ProblemException refused(Provider provider, String error) {
        return ProblemException.of(
                HttpStatus.UNPROCESSABLE_ENTITY,
                "sign-in-refused",
                provider.title() + " refused the sign-in (" + error
                        + "). Begin again; if it stays, have an operator check" + " slipway.credential.oauth."
                        + provider.wireName() + ".");
    }

    private static ProblemException unclear(Provider provider, String reason) {
        return ProblemException.of(
                HttpStatus.BAD_GATEWAY,
                "provider-unreachable",
                provider.title() + " could not be asked: " + reason + ". Try again in a moment.");
    }
}
