package dev.slipway.credential.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The master keys that this service was given: one that seals, and earlier ones that only open. */
final class KeyRing {
    private static final String SETTING = "slipway.credential.encryption-key (ENCRYPTION_KEY)";
    private static final String PREVIOUS = "slipway.credential.previous-encryption-keys (ENCRYPTION_KEYS_PREVIOUS)";

    private final @Nullable MasterKey current;
    private final Map<String, MasterKey> byId = new LinkedHashMap<>();

    private KeyRing(@Nullable MasterKey current) {
        this.current = current;
    }

    /**
     * Reads the keys. There may be none where a key service is used.
     *
     * @throws IllegalArgumentException if one is malformed or weak, or there is none although it is needed
     */
    static KeyRing of(EncryptionSettings settings) {
        boolean needed = settings.keyService().equals("local");
        boolean given = !settings.encryptionKey().isBlank()
                || !settings.encryptionKeyFile().isBlank();
        KeyRing ring = new KeyRing(needed || given ? current(settings) : null);
        if (ring.current != null) {
            ring.byId.put(ring.current.idText(), ring.current);
        }
        settings.previousEncryptionKeys().stream()
                .map(key -> MasterKey.parse(PREVIOUS, key))
                .forEach(key -> ring.byId.putIfAbsent(key.idText(), key));
        return ring;
    }

    static IllegalArgumentException missing() {
        return new IllegalArgumentException(SETTING + ": not set");
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** The key that seals. */
    MasterKey current() {
        if (current == null) {
            throw missing();
        }
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
