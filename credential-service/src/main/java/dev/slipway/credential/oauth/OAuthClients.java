package dev.slipway.credential.oauth;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The providers that one can sign in at. */
@Singleton
class OAuthClients {
    private final Map<String, OAuthClient> byName;

    OAuthClients(List<OAuthClient> clients) {
        byName = clients.stream().collect(Collectors.toMap(OAuthClient::name, Function.identity()));
    }

    /** The one of this name, if an operator has a client id for it. */
    Optional<OAuthClient> configured(String name) {
        return Optional.ofNullable(byName.get(name))
                .filter(client -> !client.clientId().isBlank());
    }

    /** The one of this name; 409 without a client id. */
    OAuthClient get(String name) {
        OAuthClient client = byName.get(name);
        if (client == null) {
            throw new IllegalStateException("slipway.credential.oauth." + name + ": not in the configuration");
        }
        client.requireConfigured();
        return client;
    }
}
