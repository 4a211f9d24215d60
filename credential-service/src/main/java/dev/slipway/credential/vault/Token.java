package dev.slipway.credential.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** A PKCS#11 token and the keys on it, which never leave it. */
final class Token {
    private final TokenSettings settings;
    private final Provider provider;
    private @Nullable KeyStore keys;
    private @Nullable String pinRefused;

    /** @throws IllegalArgumentException if the library is not there or is none */
    Token(TokenSettings settings) {
        this.settings = settings;
        this.provider = load(settings);
    }

    /** The key of this label, if the token has one. */
    synchronized Optional<SecretKey> find(String label) {
        try {
            SecretKey known = (SecretKey) open().getKey(label, null);
            if (known == null) {
                // It may have been made since the token was opened.
                keys = null;
                known = (SecretKey) open().getKey(label, null);
            }
            return Optional.ofNullable(known);
        } catch (GeneralSecurityException | ProviderException | ClassCastException e) {
            throw lost("its key " + label + " cannot be used", e);
        }
    }

    /** AES-256-GCM on the token. */
    byte[] crypt(int mode, SecretKey key, byte[] nonce, byte[] bound, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(8 * Aes.TAG_BYTES, nonce));
        cipher.updateAAD(bound);
        return cipher.doFinal(input);
    }

    /** Notes that the token does not answer: the next use begins by logging in again. */
    synchronized KeyServiceUnavailableException lost(String what, Exception cause) {
        keys = null;
        return new KeyServiceUnavailableException("the PKCS#11 token: " + what + " (" + said(cause) + ")");
    }

    private KeyStore open() throws GeneralSecurityException {
        if (keys != null) {
            return keys;
        }
        if (pinRefused != null) {
            // Tokens lock after a few wrong PINs, so there is one try for each start of the service.
            throw new KeyServiceUnavailableException(pinRefused);
        }
        char[] pin = settings.readPin();
        try {
            KeyStore opened = KeyStore.getInstance("PKCS11", provider);
            opened.load(null, pin);
            keys = opened;
            return opened;
        } catch (IOException e) {
            String said = said(e);
            if (said.contains("CKR_PIN")) {
                pinRefused = "the PKCS#11 token refuses the PIN (" + said
                        + "); it is not tried again before a restart, since tokens lock";
                throw new KeyServiceUnavailableException(pinRefused);
            }
            throw lost("it cannot be logged in to", e);
        } finally {
            Arrays.fill(pin, '\0');
        }
    }

    private static Provider load(TokenSettings settings) {
        String setting = "slipway.credential.pkcs11.library (SLIPWAY_PKCS11_LIBRARY): " + settings.library();
        if (!Files.isRegularFile(Path.of(settings.library()))) {
            throw new IllegalArgumentException(setting + ": no such file (expected: the library of a PKCS#11 token)");
        }
        String slot = settings.slot().isBlank()
                ? "slotListIndex = " + settings.slotListIndex()
                : "slot = " + settings.slot().strip();
        Provider general = Security.getProvider("SunPKCS11");
        if (general == null) {
            throw new IllegalArgumentException(
                    setting + ": this Java runtime has no PKCS#11 (expected: the module jdk.crypto.cryptoki)");
        }
        try {
            return general.configure("--name = slipway\nlibrary = " + settings.library() + "\n" + slot + "\n");
        } catch (InvalidParameterException | ProviderException e) {
            throw new IllegalArgumentException(setting + ": cannot be used, " + said(e), e);
        }
    }

    /** The last cause's words: PKCS#11's own name for what is wrong, as a rule. */
    private static String said(Throwable thrown) {
        Throwable last = thrown;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }
}
