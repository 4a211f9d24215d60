package dev.slipway.devstack.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The keys of one stack, base64: {@code internal} signs the calls between services, {@code encryption} wraps what
 * credential-service stores. Each is made once, kept with mode 0600, and that is said.
 */
public record Keys(String internal, String encryption) {
    /** The size of a new key, in bytes. */
    static final int KEY_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    public static Keys loadOrMake(Path directory, Consumer<String> said) throws IOException {
        PrivateFiles.directory(directory);
        return new Keys(
                key(directory.resolve("internal.key"), "signs calls between services", said),
                key(directory.resolve("encryption.key"), "encrypts stored credentials: back it up", said));
    }

    /** A new random key or password, base64 without characters that need quoting in a URL. */
    public static String random() {
        byte[] bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The keys that the environment sets instead ({@code SLIPWAY_INTERNAL_KEY}, {@code ENCRYPTION_KEY}). */
    public Keys orFrom(Map<String, String> environment) {
        String givenInternal = environment.getOrDefault("SLIPWAY_INTERNAL_KEY", "");
        String givenEncryption = environment.getOrDefault("ENCRYPTION_KEY", "");
        return new Keys(
                givenInternal.isBlank() ? internal : givenInternal,
                givenEncryption.isBlank() ? encryption : givenEncryption);
    }

    @Override
    public String toString() {
        return "Keys[hidden]";
    }

    private static String key(Path file, String purpose, Consumer<String> said) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        String key = Base64.getEncoder().encodeToString(bytes);
        PrivateFiles.write(file, key + "\n");
        said.accept("made a new key: " + file + " (" + purpose + ")");
        return key;
    }
}
