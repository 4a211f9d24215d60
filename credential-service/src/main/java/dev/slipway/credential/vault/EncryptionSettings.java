package dev.slipway.credential.vault;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;

/**
 * The master keys as they are configured, each 32 bytes as 64 hex digits or base64.
 *
 * @param encryptionKey the key that new secrets are sealed with; empty when the file has it
 * @param encryptionKeyFile a file that holds that key and wins over {@code encryptionKey}; empty for none
 * @param previousEncryptionKeys keys that were used before; they open what they sealed until it is sealed anew
 * @param keyService what wraps new secrets' keys: {@code local}, a key of these, {@code vault-transit} or {@code pkcs11}
 */
@ConfigurationProperties("slipway.credential")
public record EncryptionSettings(
        @Bindable(defaultValue = "") String encryptionKey,
        @Bindable(defaultValue = "") String encryptionKeyFile,
        @Bindable(defaultValue = "") List<String> previousEncryptionKeys,
        @Bindable(defaultValue = "local") String keyService) {
    public EncryptionSettings {
        previousEncryptionKeys = previousEncryptionKeys.stream()
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toList();
    }

    @Override
    public String toString() {
        return "EncryptionSettings[hidden]";
    }
}
