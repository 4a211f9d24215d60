package dev.slipway.credential.vault;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A key on a PKCS#11 token: a hardware security module, or SoftHSM.
 *
 * @param library the vendor's library, an absolute path; empty for none
 * @param slot the slot's id, decimal; empty to take {@code slotListIndex}
 * @param slotListIndex which of the slots that the library lists, from 0
 * @param pin the user's PIN; a secret
 * @param pinFile a file with the PIN, which wins
 * @param key the label of a secret key of type AES and 256 bits that may encrypt and decrypt
 */
@ConfigurationProperties("slipway.credential.pkcs11")
record TokenSettings(
        @Bindable(defaultValue = "") String library,
        @Bindable(defaultValue = "") String slot,
        @Bindable(defaultValue = "0") int slotListIndex,
        @Bindable(defaultValue = "") String pin,
        @Bindable(defaultValue = "") String pinFile,
        @Bindable(defaultValue = "slipway") String key) {
    boolean isConfigured() {
        return !library.isBlank();
    }

    /** The PIN; the caller zeroes it. */
    char[] readPin() {
        if (pinFile.isBlank()) {
            return pin.toCharArray();
        }
        try {
            return Files.readString(Path.of(pinFile)).strip().toCharArray();
        } catch (IOException e) {
            throw new KeyServiceUnavailableException("the file with the token's PIN cannot be read");
        }
    }

    @Override
    public String toString() {
        return "TokenSettings[library=" + library + ", key=" + key + ", hidden]";
    }
}
