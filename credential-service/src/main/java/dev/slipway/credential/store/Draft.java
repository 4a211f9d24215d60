package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Target;
import dev.slipway.kit.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A credential that makes sense but is not stored yet.
 *
 * @param provider the name that it is stored under, one per project
 * @param kind what of the catalogue it is
 * @param lifetime how long the secret is good for from now; null if that is not known
 */
record Draft(
        String provider,
        Provider kind,
        String name,
        AuthType type,
        Target target,
        String secret,
        @Nullable Duration lifetime) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int TITLE_MAX = 200;
    private static final int SECRET_MAX = 8192;

    /** Shorter secrets would lose too much by four characters. */
    private static final int SHOWN_FROM = 16;

    /** What {@code claude setup-token} makes, good for a year. */
    private static final String SETUP_TOKEN = "sk-ant-oat0";

    private static final Duration SETUP_TOKEN_LIFETIME = Duration.ofDays(365);

    /** Checks what a user sent. */
    static Draft of(NewCredential sent) {
        String provider = provider(sent.provider());
        Provider kind = kind(provider, sent);
        String secret = secret(sent);
        Target target = Targets.of(kind, sent);
        boolean setupToken = kind == Provider.ANTHROPIC && secret.startsWith(SETUP_TOKEN);
        return new Draft(
                provider,
                kind,
                title(sent.name(), kind == Provider.CUSTOM ? provider : kind.title()),
                setupToken ? AuthType.OAUTH : AuthType.API_KEY,
                target,
                secret,
                setupToken ? SETUP_TOKEN_LIFETIME : null);
    }

    /** The secret's last four characters, to recognise it by; null if it is short. */
    @Nullable
    String last4() {
        return secret.length() < SHOWN_FROM ? null : secret.substring(secret.length() - 4);
    }

    List<InjectionPoint> points() {
        return kind.points(type, target);
    }

    @Override
    public String toString() {
        return "Draft[provider=" + provider + ", hidden]";
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
        if (known.isEmpty() && sent.host() == null) {
            throw ProblemException.invalid(
                    "provider",
                    provider + " is unknown (expected: one of …/credentials/providers, or host and header with it)");
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
            default -> throw ProblemException.unprocessable("authType", "unknown (expected: api_key)");
        }
        return kind;
    }

    private static String secret(NewCredential sent) {
        if (sent.apiKey() != null && sent.value() != null) {
            throw ProblemException.invalid("value", "given beside apiKey (expected: one of the two)");
        }
        String raw = sent.apiKey() != null ? sent.apiKey() : sent.value();
        if (raw == null || raw.isBlank()) {
            throw ProblemException.invalid("apiKey", "missing (expected: the secret)");
        }
        String secret = raw.strip();
        if (secret.length() > SECRET_MAX) {
            throw ProblemException.unprocessable(
                    "apiKey", secret.length() + " characters (expected: at most " + SECRET_MAX + ")");
        }
        // A line break would end the header and begin another one.
        if (!secret.chars().allMatch(each -> each >= ' ' && each <= '~')) {
            throw ProblemException.unprocessable(
                    "apiKey", "holds characters that no header may have (expected: printable ASCII on one line)");
        }
        if (secret.contains(Provider.PLACEHOLDER)) {
            throw ProblemException.unprocessable("apiKey", "that is the placeholder (expected: the secret itself)");
        }
        return secret;
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
