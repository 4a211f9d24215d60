package dev.slipway.credential.vault;

import io.micronaut.context.annotation.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The master keys: one that seals, and earlier ones that only open. Made before the service listens, so that a missing or
 * weak key stops the start.
 */
@Context
public final class KeyRing {
    private static final String SETTING = "slipway.credential.encryption-key (ENCRYPTION_KEY)";
    private static final String PREVIOUS = "slipway.credential.previous-encryption-keys (ENCRYPTION_KEYS_PREVIOUS)";

    private final MasterKey current;
    private final Map<String, MasterKey> byId = new LinkedHashMap<>();

    KeyRing(EncryptionSettings settings) {
        List<MasterKey> keys = new ArrayList<>();
        keys.add(current(settings));
        settings.previousEncryptionKeys().forEach(key -> keys.add(MasterKey.parse(PREVIOUS, key)));
        keys.forEach(key -> byId.putIfAbsent(key.idText(), key));
        current = keys.getFirst();
    }

    /** The key that seals. */
    public MasterKey current() {
        return current;
    }

    Optional<MasterKey> find(byte[] id) {
        return Optional.ofNullable(byId.get(HexFormat.of().formatHex(id)));
    }

    private static MasterKey current(EncryptionSettings settings) {
        if (settings.encryptionKeyFile().isBlank()) {
            return MasterKey.parse(SETTING, settings.encryptionKey());
        }
        String setting = "slipway.credential.encryption-key-file (ENCRYPTION_KEY_FILE)";
        try {
            return MasterKey.parse(setting, Files.readString(Path.of(settings.encryptionKeyFile())));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + ": " + settings.encryptionKeyFile() + " cannot be read (expected: a file with the key)",
                    e);
        }
    }
}
