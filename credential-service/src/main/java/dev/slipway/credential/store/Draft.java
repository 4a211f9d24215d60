package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Scope;
import dev.slipway.credential.provider.Target;
import dev.slipway.credential.sshkey.SshKey;
import dev.slipway.kit.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A credential that makes sense but is not stored yet.
 *
 * @param userId whose it is; null for the project's
 * @param provider the name that it is stored under, one per owner
 * @param kind what of the catalogue it is
 * @param refresh what gets the next secret; null if nothing does
 * @param publicKey of an ssh key, as a line
 * @param lifetime how long the secret is good for from now; null if that is not known
 */
public record Draft(
        @Nullable String userId,
        String provider,
        Provider kind,
        String name,
        AuthType type,
        Target target,
        Scope scope,
        String secret,
        @Nullable String refresh,
        @Nullable String publicKey,
        @Nullable Duration lifetime) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int TITLE_MAX = 200;

    /** Shorter secrets would lose too much by four characters. */
    private static final int SHOWN_FROM = 16;

    /** What {@code claude setup-token} makes, good for a year. */
    public static final String SETUP_TOKEN = "sk-ant-oat0";

    private static final Duration SETUP_TOKEN_LIFETIME = Duration.ofDays(365);

    /** Checks what a user sent. */
    static Draft of(NewCredential sent, String caller) {
        String provider = provider(sent.provider());
        Provider kind = kind(provider, sent);
        String owner = sent.isPersonal() ? caller : null;
        Scope scope = ScopeView.checked(sent.scope());
        Target target = Targets.of(kind, sent);
        String title = title(sent.name(), provider.equals(kind.wireName()) ? kind.title() : provider);
        if (kind == Provider.SSH) {
            requireWholeProject(sent.isPersonal(), scope);
            SshKey key = Secrets.sshKey(sent);
            return new Draft(
                    owner,
                    provider,
                    kind,
                    title,
                    AuthType.SSH_KEY,
                    target,
                    scope,
                    key.stored(),
                    null,
                    key.publicLine(),
                    null);
        }
        if (sent.generate() != null) {
            throw ProblemException.unprocessable("generate", "is for ssh keys (expected: kind ssh, or apiKey)");
        }
        String secret = Secrets.text(sent);
        boolean setupToken = kind == Provider.ANTHROPIC && secret.startsWith(SETUP_TOKEN);
        Draft draft = new Draft(
                owner,
                provider,
                kind,
                title,
                setupToken ? AuthType.OAUTH : AuthType.API_KEY,
                target,
                scope,
                secret,
                null,
                null,
                setupToken ? SETUP_TOKEN_LIFETIME : null);
        draft.requirePlace();
        return draft;
    }

    /** A token that a sign-in gave. */
    public static Draft signedIn(
            @Nullable String userId,
            Provider kind,
            @Nullable String name,
            Target target,
            Scope scope,
            String token,
            @Nullable String refresh,
            @Nullable Duration lifetime) {
        Draft draft = new Draft(
                userId,
                kind.wireName(),
                kind,
                title(name, kind.title()),
                AuthType.OAUTH,
                target,
                scope,
                token,
                refresh,
                null,
                lifetime);
        draft.requirePlace();
        return draft;
    }

    /** A setup token of Anthropic, which needs no sign-in. */
    public static Draft setupToken(@Nullable String userId, @Nullable String name, Scope scope, String token) {
        if (!Secrets.isPrintable(token)) {
            throw ProblemException.unprocessable("code", "not a setup token (expected: sk-ant-oat0…, on one line)");
        }
        return signedIn(userId, Provider.ANTHROPIC, name, Target.NONE, scope, token, null, SETUP_TOKEN_LIFETIME);
    }

    /** The secret's last four characters, to recognise it by; null if it is short, or a private key. */
    @Nullable
    String last4() {
        return type == AuthType.SSH_KEY || secret.length() < SHOWN_FROM ? null : secret.substring(secret.length() - 4);
    }

    List<InjectionPoint> points() {
        return scope.narrow(kind.points(type, target));
    }

    @Override
    public String toString() {
        return "Draft[provider=" + provider + ", hidden]";
    }

    /** An ssh key serves workspaces, which fetch for all of the project: a narrower limit could not be held. */
    static void requireWholeProject(boolean personal, Scope scope) {
        if (personal) {
            throw ProblemException.unprocessable(
                    "personal", "an ssh key is the project's, whose workspaces use it (expected: personal false)");
        }
        if (!scope.equals(Scope.ANY)) {
            throw ProblemException.unprocessable(
                    "scope", "an ssh key has none (expected: nothing; a workspace names the key that it uses)");
        }
    }

    private void requirePlace() {
        if (points().isEmpty()) {
            throw ProblemException.unprocessable(
                    "scope.paths",
                    "none of them is a path that this credential is for (expected: "
                            + kind.points(type, target).stream()
                                    .map(InjectionPoint::pathPrefix)
                                    .distinct()
                                    .toList()
                            + " or below)");
        }
    }

    private static String provider(@Nullable String sent) {
        if (sent == null || sent.isBlank()) {
            throw ProblemException.invalid("provider", "missing (expected: one of …/credentials/providers, or a name)");
        }
        if (!NAME.matcher(sent).matches() || sent.equals("providers")) {
            throw ProblemException.invalid(
                    "provider", "not a name (expected: 1 to 63 lower case letters, digits and hyphens)");
        }
        return sent;
    }

    private static Provider kind(String provider, NewCredential sent) {
        Optional<Provider> known = Provider.named(provider);
        if (sent.kind() != null) {
            Provider said = Provider.named(sent.kind())
                    .orElseThrow(() -> ProblemException.unprocessable(
                            "kind", "unknown (expected: one of …/credentials/providers)"));
            if (known.isPresent() && known.get() != said) {
                throw ProblemException.unprocessable(
                        "kind", said.wireName() + " (expected: " + provider + ", or a provider of another name)");
            }
            known = Optional.of(said);
        }
        if (known.isEmpty() && sent.host() == null) {
            throw ProblemException.invalid(
                    "provider",
                    provider
                            + " is unknown (expected: one of …/credentials/providers, or kind, or host and header with it)");
        }
        Provider kind = known.orElse(Provider.CUSTOM);
        String type = sent.authType() == null ? AuthType.API_KEY.wireName() : sent.authType();
        switch (type) {
            case "api_key" -> {}
            case "header", "query", "basic", "custom" -> {
                if (kind != Provider.CUSTOM && kind != Provider.REGISTRY) {
                    throw ProblemException.unprocessable(
                            "authType", type + " is for custom credentials (expected: api_key)");
                }
            }
            case "ssh_key" -> {
                if (kind != Provider.SSH) {
                    throw ProblemException.unprocessable("authType", "is for kind ssh (expected: api_key)");
                }
            }
            default -> throw ProblemException.unprocessable("authType", "unknown (expected: api_key)");
        }
        return kind;
    }

    private static String title(@Nullable String sent, String usual) {
        String title = sent == null || sent.isBlank() ? usual : sent.strip();
        if (title.length() > TITLE_MAX) {
            throw ProblemException.invalid(
                    "name", title.length() + " characters (expected: at most " + TITLE_MAX + ")");
        }
        return title;
    }
}
