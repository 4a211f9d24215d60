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
 * @param placeholder what agents find where a key is expected
 */
@Serdeable
record ProviderView(
        String id, String name, String description, List<String> hosts, List<String> fields, String placeholder) {
    static ProviderView of(Provider provider) {
        return new ProviderView(
                provider.wireName(),
                provider.title(),
                provider.description(),
                hosts(provider),
                fields(provider),
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

    private static List<String> fields(Provider provider) {
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
