package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Target;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.List;

/**
 * A provider as a user chooses it.
 *
 * @param hosts where its secret is used; empty if the user says that
 * @param fields what may or must be said beside the secret
 * @param signIn the ways to sign in at the provider instead of pasting a secret: {@code authorize} or {@code device-code}
 * @param placeholder what agents find where a key is expected
 */
@Serdeable
record ProviderView(
        String id,
        String name,
        String description,
        List<String> hosts,
        List<String> fields,
        List<String> signIn,
        String placeholder) {
    static ProviderView of(Provider provider) {
        return new ProviderView(
                provider.wireName(),
                provider.title(),
                provider.description(),
                hosts(provider),
                fields(provider),
                signIn(provider),
                Provider.PLACEHOLDER);
    }

    private static List<String> hosts(Provider provider) {
        return switch (provider.freedom()) {
            case NONE, HOST ->
                provider.points(AuthType.API_KEY, Target.NONE).stream()
                        .map(InjectionPoint::host)
                        .distinct()
                        .toList();
            case OWN_HOST, LOGIN, PLACE -> List.of();
        };
    }

    private static List<String> signIn(Provider provider) {
        return switch (provider) {
            case ANTHROPIC, CODEX -> List.of("authorize");
            case GITHUB_COPILOT -> List.of("device-code");
            case OPENAI, GOOGLE, GITHUB, GITLAB, NPM, REGISTRY, SSH, CUSTOM -> List.of();
        };
    }

    private static List<String> fields(Provider provider) {
        if (provider == Provider.SSH) {
            return List.of("host", "generate");
        }
        return switch (provider.freedom()) {
            case NONE -> List.of();
            case HOST, OWN_HOST -> List.of("host");
            case LOGIN -> List.of("host", "username", "pathPrefix");
            case PLACE -> List.of("host", "pathPrefix", "header", "query", "username", "template");
        };
    }

    /** All of them; their number is fixed, so there are no pages. */
    @Serdeable
    record ProviderList(List<ProviderView> providers) {
        static ProviderList all() {
            return new ProviderList(
                    Arrays.stream(Provider.values()).map(ProviderView::of).toList());
        }
    }
}
