package dev.slipway.credential.vault;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens secrets: AES-256-GCM (NIST SP 800-38D) with a fresh data key and fresh 96-bit random nonces per sealing;
 * the data key is wrapped by the master key. Both layers authenticate the {@link Binding}. Buffers with key material are
 * zeroed after use.
 */
@Singleton
public final class Vault {
    private final KeyWrappers wrappers;
    private final SecureRandom random;

    @Inject
    Vault(KeyWrappers wrappers) {
        this(wrappers, new SecureRandom());
    }

    Vault(KeyWrappers wrappers, SecureRandom random) {
        this.wrappers = wrappers;
        this.random = random;
    }

    /** The id of the master key that seals at present. */
    public String currentKeyId() {
        return wrappers.current().currentKeyId();
    }

    /** The same as far as it is known without asking a key service, which may be slow or away; null if it was never known. */
    public @Nullable String knownKeyId() {
        return wrappers.current().knownKeyId();
    }

    /** The id of the master key that something was sealed with. */
    public String keyIdOf(byte[] sealed) {
        try {
            Envelope envelope = Envelope.parse(sealed);
            return wrappers.of(envelope.layout()).keyIdOf(envelope.wrappedKey());
        } catch (SealedSecretException e) {
            throw new IllegalArgumentException("sealed: " + sealed.length + " bytes that are no sealed secret", e);
        }
    }

    /** Seals a secret; the caller zeroes {@code secret}. */
    public byte[] seal(Binding binding, byte[] secret) {
        byte[] dataKey = fresh(Envelope.DATA_KEY_BYTES);
        try {
            byte[] bound = binding.bytes();
            byte[] nonce = fresh(Aes.NONCE_BYTES);
            byte[] ciphertext = Aes.crypt(Cipher.ENCRYPT_MODE, new PassingKey(dataKey, "AES"), nonce, bound, secret);
            return wrapped(dataKey, bound, nonce, ciphertext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform lacks AES-256-GCM", e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /**
     * Opens a secret; the caller zeroes the answer.
     *
     * @throws SealedSecretException if it was changed, belongs elsewhere, or its master key is not here
     * @throws KeyServiceUnavailableException if the key service does not answer
     */
    public byte[] open(Binding binding, byte[] sealed) throws SealedSecretException {
        Envelope envelope = Envelope.parse(sealed);
        byte[] bound = binding.bytes();
        byte[] dataKey = wrappers.of(envelope.layout()).unwrap(envelope.wrappedKey(), bound);
        try {
            return Aes.crypt(
                    Cipher.DECRYPT_MODE,
                    new PassingKey(dataKey, "AES"),
                    envelope.nonce(),
                    bound,
                    envelope.ciphertext());
        } catch (GeneralSecurityException e) {
            throw SealedSecretException.refused(e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /** Seals the same secret anew: with a fresh data key, wrapped by the current master key. */
    public byte[] renew(Binding binding, byte[] sealed) throws SealedSecretException {
        byte[] secret = open(binding, sealed);
        try {
            return seal(binding, secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] wrapped(byte[] dataKey, byte[] bound, byte[] nonce, byte[] ciphertext) {
        KeyWrapper wrapper = wrappers.current();
        return new Envelope(wrapper.layout(), wrapper.wrap(dataKey, bound), nonce, ciphertext).bytes();
    }

    private byte[] fresh(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
