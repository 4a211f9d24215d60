package dev.slipway.credential.vault;

import io.micronaut.context.annotation.Context;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the ways to wrap data keys is in use, and those that still open what was wrapped before. Made before the service
 * listens, so that missing keys stop the start.
 */
@Context
public final class KeyWrappers {
    private final Map<Byte, KeyWrapper> byLayout;
    private final KeyWrapper current;

    @Inject
    KeyWrappers(EncryptionSettings settings, TransitSettings transit, TokenSettings token) {
        byLayout = new HashMap<>();
        KeyRing ring = KeyRing.of(settings);
        if (!ring.isEmpty()) {
            byLayout.put(Envelope.LOCAL, new LocalKeys(ring, new SecureRandom()));
        }
        if (transit.isConfigured()) {
            byLayout.put(Envelope.SERVICE, new TransitKeys(new TransitClient(transit), transit));
        }
        if (token.isConfigured()) {
            byLayout.put(Envelope.TOKEN, new TokenKeys(new Token(token), token, new SecureRandom()));
        }
        current = switch (settings.keyService()) {
            case "local" -> configured(Envelope.LOCAL).orElseThrow(KeyRing::missing);
            case "vault-transit" ->
                configured(Envelope.SERVICE)
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        "slipway.credential.vault-transit.address (VAULT_ADDR): not set (expected: the address of Vault, and"
                                                + " a token in VAULT_TOKEN or a file of slipway.credential.vault-transit.token-file)"));
            case "pkcs11" ->
                configured(Envelope.TOKEN)
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        "slipway.credential.pkcs11.library (SLIPWAY_PKCS11_LIBRARY): not set (expected: the library of a"
                                                + " PKCS#11 token, and its PIN in SLIPWAY_PKCS11_PIN or a file of slipway.credential.pkcs11.pin-file)"));
            default ->
                throw new IllegalArgumentException("slipway.credential.key-service (SLIPWAY_KEY_SERVICE): "
                        + settings.keyService() + " (expected: local, vault-transit or pkcs11)");
        };
    }

    /** One way alone. */
    KeyWrappers(KeyWrapper only) {
        byLayout = Map.of(only.layout(), only);
        current = only;
    }

    KeyWrapper current() {
        return current;
    }

    KeyWrapper of(byte layout) throws SealedSecretException {
        Optional<KeyWrapper> wrapper = configured(layout);
        if (wrapper.isPresent()) {
            return wrapper.get();
        }
        throw new SealedSecretException(
                switch (layout) {
                    case Envelope.LOCAL ->
                        "it was sealed with a master key, and none is configured (expected: ENCRYPTION_KEYS_PREVIOUS)";
                    case Envelope.SERVICE ->
                        "it was sealed by a key service, and none is configured (expected: VAULT_ADDR)";
                    default ->
                        "it was sealed by a PKCS#11 token, and none is configured (expected: SLIPWAY_PKCS11_LIBRARY)";
                });
    }

    private Optional<KeyWrapper> configured(byte layout) {
        return Optional.ofNullable(byLayout.get(layout));
    }
}
