package dev.slipway.credential.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of credentials that Slipway knows how to use. Every agent finds {@link #PLACEHOLDER} wherever a key is
 * expected; the proxy replaces it at the points given here.
 *
 * <p>Where two credentials serve one host, the longer path prefix wins: {@code codex} is used for the calls that Codex
 * makes, {@code openai} for all others, and {@code codex} for those too while there is no {@code openai}.
 */
public enum Provider {
    ANTHROPIC("Anthropic", "Claude models, for Claude Code and opencode.", Freedom.NONE),
    OPENAI("OpenAI", "OpenAI's models, for Codex and opencode.", Freedom.NONE),
    CODEX(
            "OpenAI for Codex",
            "An OpenAI key, or a sign-in with ChatGPT, that Codex's own calls use rather than the key of OpenAI.",
            Freedom.NONE),
    GOOGLE("Google Gemini", "Gemini models, for Gemini CLI and opencode.", Freedom.NONE),
    GITHUB("GitHub", "A token for GitHub's API and for git over HTTPS.", Freedom.NONE),
    GITHUB_COPILOT(
            "GitHub Copilot",
            "Copilot's models, by a sign-in with a device code; a host is that of an enterprise.",
            Freedom.HOST),
    GITLAB(
            "GitLab",
            "A token for GitLab's API and for git over HTTPS; gitlab.com unless a host is given.",
            Freedom.HOST),
    NPM("npm", "A token for the npm registry at the host that you give.", Freedom.OWN_HOST),
    REGISTRY("Package registry", "User and password for any registry that takes HTTP Basic.", Freedom.LOGIN),
    SSH(
            "SSH deploy key",
            "A private key for git over SSH, pasted or made here; it signs here and never leaves.",
            Freedom.HOST),
    CUSTOM("Custom", "Any host; the value goes into a header, a query parameter or HTTP Basic.", Freedom.PLACE);

    /** What the user has to say or may say beside the secret. */
    public enum Freedom {
        /** Nothing. */
        NONE,
        /** A host other than the usual one. */
        HOST,
        /** A host, which is needed. */
        OWN_HOST,
        /** A host and a user name, both needed. */
        LOGIN,
        /** A host and a place, both needed. */
        PLACE
    }

    /** What stands in a sandbox wherever a key is expected. */
    public static final String PLACEHOLDER = "slipway-placeholder";

    private static final String BEARER = "Bearer " + Placement.SECRET;

    /** Telemetry goes to other paths of the same host and gets no key. */
    private static final String MODEL_PATHS = "/v1/";

    private static final String CHATGPT = "chatgpt.com";
    private static final String CHATGPT_PATHS = "/backend-api/";

    private final String title;
    private final String description;
    private final Freedom freedom;

    Provider(String title, String description, Freedom freedom) {
        this.title = title;
        this.description = description;
        this.freedom = freedom;
    }

    /** The provider of this name; empty if a credential of that name can only be a custom one. */
    public static Optional<Provider> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.wireName().equals(name))
                .findFirst();
    }

    /** The name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** One sentence for people. */
    public String description() {
        return description;
    }

    /** What the user has to say or may say beside the secret. */
    public Freedom freedom() {
        return freedom;
    }

    /** Where a secret of this provider goes. */
    public List<InjectionPoint> points(AuthType type, Target target) {
        return switch (this) {
            case ANTHROPIC -> type == AuthType.OAUTH ? anthropicToken() : anthropicKey();
            case OPENAI -> List.of(header("api.openai.com", MODEL_PATHS, "Authorization", BEARER));
            case CODEX -> {
                List<InjectionPoint> points = new ArrayList<>(List.of(
                        header("api.openai.com", "/v1/responses", "Authorization", BEARER),
                        // One character shorter than OPENAI's, which therefore wins where both are stored.
                        header("api.openai.com", "/v1", "Authorization", BEARER)));
                if (type == AuthType.OAUTH) {
                    points.add(header(CHATGPT, CHATGPT_PATHS, "Authorization", BEARER));
                    if (target.account() != null) {
                        points.add(header(CHATGPT, CHATGPT_PATHS, "chatgpt-account-id", target.account()));
                    }
                }
                yield points;
            }
            case GOOGLE ->
                List.of(header("generativelanguage.googleapis.com", null, "x-goog-api-key", Placement.SECRET));
            case GITHUB ->
                List.of(
                        header("api.github.com", null, "Authorization", BEARER),
                        new InjectionPoint("github.com", null, new Placement.Basic("x-access-token")));
            case GITHUB_COPILOT ->
                target.host() == null
                        ? List.of(
                                header("api.githubcopilot.com", null, "Authorization", BEARER),
                                header("*.githubcopilot.com", null, "Authorization", BEARER))
                        : List.of(header("copilot-api." + target.host(), null, "Authorization", BEARER));
            case GITLAB -> {
                String host = target.hostOr("gitlab.com");
                yield List.of(
                        header(host, "/api/", "PRIVATE-TOKEN", Placement.SECRET),
                        new InjectionPoint(host, null, new Placement.Basic("oauth2")));
            }
            case NPM -> List.of(header(target.hostOr(""), null, "Authorization", BEARER));
            case SSH -> List.of();
            case REGISTRY, CUSTOM ->
                List.of(new InjectionPoint(target.hostOr(""), target.pathPrefix(), target.placement()));
        };
    }

    /** The path of a cheap reading call on the first host, which needs the secret; empty where none is known. */
    public Optional<String> probePath() {
        return switch (this) {
            case ANTHROPIC -> Optional.of("/v1/models?limit=1");
            case OPENAI, CODEX -> Optional.of("/v1/models");
            case GOOGLE -> Optional.of("/v1beta/models?pageSize=1");
            case GITHUB -> Optional.of("/user");
            case GITLAB -> Optional.of("/api/v4/user");
            case NPM -> Optional.of("/-/whoami");
            case GITHUB_COPILOT -> Optional.of("/models");
            case REGISTRY, SSH, CUSTOM -> Optional.empty();
        };
    }

    private static List<InjectionPoint> anthropicKey() {
        return List.of(
                header("api.anthropic.com", MODEL_PATHS, "x-api-key", Placement.SECRET),
                // Some clients send both headers, and Anthropic refuses a request whose second one is no token.
                new InjectionPoint(
                        "api.anthropic.com",
                        MODEL_PATHS,
                        new Placement.Removed("authorization", "Bearer " + PLACEHOLDER)));
    }

    private static List<InjectionPoint> anthropicToken() {
        return List.of(
                header("api.anthropic.com", MODEL_PATHS, "Authorization", BEARER),
                new InjectionPoint("api.anthropic.com", MODEL_PATHS, new Placement.Removed("x-api-key", PLACEHOLDER)),
                new InjectionPoint(
                        "api.anthropic.com",
                        MODEL_PATHS,
                        new Placement.Appended("anthropic-beta", "oauth-2025-04-20")));
    }

    private static InjectionPoint header(String host, @Nullable String pathPrefix, String name, String template) {
        return new InjectionPoint(host, pathPrefix, new Placement.Header(name, template));
    }
}
