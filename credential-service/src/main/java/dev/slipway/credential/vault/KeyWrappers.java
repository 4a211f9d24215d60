package dev.slipway.credential.vault;

import io.micronaut.context.annotation.Context;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of the ways to wrap data keys is in use, and those that still open what was wrapped before. Made before the service
 * listens, so that missing keys stop the start.
 */
@Context
public final class KeyWrappers {
    private final @Nullable KeyWrapper local;
    private final @Nullable KeyWrapper service;
    private final KeyWrapper current;

    @Inject
    KeyWrappers(EncryptionSettings settings, TransitSettings transit) {
        KeyRing ring = KeyRing.of(settings);
        local = ring.isEmpty() ? null : new LocalKeys(ring, new SecureRandom());
        service = transit.isConfigured() ? new TransitKeys(new TransitClient(transit), transit) : null;
        current = switch (settings.keyService()) {
            case "local" -> Optional.ofNullable(local).orElseThrow(() -> KeyRing.missing());
            case "vault-transit" ->
                Optional.ofNullable(service)
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        "slipway.credential.vault-transit.address (VAULT_ADDR): not set (expected: the address of Vault, and"
                                                + " a token in VAULT_TOKEN or a file of slipway.credential.vault-transit.token-file)"));
            default ->
                throw new IllegalArgumentException("slipway.credential.key-service (SLIPWAY_KEY_SERVICE): "
                        + settings.keyService() + " (expected: local or vault-transit)");
        };
    }

    /** One way alone. */
    KeyWrappers(KeyWrapper only) {
        local = only.layout() == Envelope.LOCAL ? only : null;
        service = only.layout() == Envelope.SERVICE ? only : null;
        current = only;
    }

    KeyWrapper current() {
        return current;
    }

    KeyWrapper of(byte layout) throws SealedSecretException {
        KeyWrapper wrapper = layout == Envelope.LOCAL ? local : service;
        if (wrapper == null) {
            throw new SealedSecretException(
                    layout == Envelope.LOCAL
                            ? "it was sealed with a master key, and none is configured (expected: ENCRYPTION_KEYS_PREVIOUS)"
                            : "it was sealed by a key service, and none is configured (expected: VAULT_ADDR)");
        }
        return wrapper;
    }
}
