package dev.slipway.credential.vault;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens secrets: AES-256-GCM (NIST SP 800-38D) with a fresh data key and fresh 96-bit random nonces per sealing;
 * the data key is wrapped in the same way by the master key. Both layers authenticate the {@link Binding}, the outer one
 * the master key's id too. Buffers with key material are zeroed after use.
 */
@Singleton
public final class Vault {
    private final KeyRing keys;
    private final SecureRandom random;

    @Inject
    Vault(KeyRing keys) {
        this(keys, new SecureRandom());
    }

    Vault(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** The id of the master key that seals at present. */
    public String currentKeyId() {
        return keys.current().idText();
    }

    /** Seals a secret; the caller zeroes {@code secret}. */
    public byte[] seal(Binding binding, byte[] secret) {
        byte[] dataKey = fresh(Envelope.DATA_KEY_BYTES);
        try {
            byte[] nonce = fresh(Envelope.NONCE_BYTES);
            byte[] ciphertext =
                    crypt(Cipher.ENCRYPT_MODE, new SecretKeySpec(dataKey, "AES"), nonce, binding.bytes(), secret);
            return wrap(binding, dataKey, nonce, ciphertext).bytes();
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
     */
    public byte[] open(Binding binding, byte[] sealed) throws SealedSecretException {
        Envelope envelope = Envelope.parse(sealed);
        byte[] dataKey = unwrap(binding, envelope);
        try {
            return crypt(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(dataKey, "AES"),
                    envelope.nonce(),
                    binding.bytes(),
                    envelope.ciphertext());
        } catch (GeneralSecurityException e) {
            throw refused(e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /** Wraps the data key anew by the current master key; the secret itself is neither opened nor touched. */
    public byte[] rewrap(Binding binding, byte[] sealed) throws SealedSecretException {
        Envelope envelope = Envelope.parse(sealed);
        byte[] dataKey = unwrap(binding, envelope);
        try {
            return wrap(binding, dataKey, envelope.nonce(), envelope.ciphertext())
                    .bytes();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform lacks AES-256-GCM", e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    private Envelope wrap(Binding binding, byte[] dataKey, byte[] nonce, byte[] ciphertext)
            throws GeneralSecurityException {
        MasterKey master = keys.current();
        byte[] wrapNonce = fresh(Envelope.NONCE_BYTES);
        byte[] wrapped = crypt(Cipher.ENCRYPT_MODE, master.key(), wrapNonce, wrapData(binding, master.id()), dataKey);
        return new Envelope(master.id(), wrapNonce, wrapped, nonce, ciphertext);
    }

    private byte[] unwrap(Binding binding, Envelope envelope) throws SealedSecretException {
        MasterKey master = keys.find(envelope.keyId())
                .orElseThrow(() -> new SealedSecretException("it was sealed with master key " + envelope.keyIdText()
                        + ", which this service does not have (expected: that key in ENCRYPTION_KEY or"
                        + " ENCRYPTION_KEYS_PREVIOUS)"));
        try {
            return crypt(
                    Cipher.DECRYPT_MODE,
                    master.key(),
                    envelope.wrapNonce(),
                    wrapData(binding, envelope.keyId()),
                    envelope.wrappedKey());
        } catch (GeneralSecurityException e) {
            throw refused(e);
        }
    }

    private static byte[] wrapData(Binding binding, byte[] keyId) {
        byte[] bound = binding.bytes();
        byte[] data = Arrays.copyOf(bound, bound.length + keyId.length);
        System.arraycopy(keyId, 0, data, bound.length, keyId.length);
        return data;
    }

    private static SealedSecretException refused(GeneralSecurityException cause) {
        return new SealedSecretException(
                cause instanceof AEADBadTagException
                        ? "it was changed, or belongs to another credential, project or version"
                        : "the platform refused it (" + cause.getClass().getSimpleName() + ")");
    }

    private static byte[] crypt(int mode, SecretKey key, byte[] nonce, byte[] bound, byte[] input)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * Envelope.TAG_BYTES, nonce));
        cipher.updateAAD(bound);
        return cipher.doFinal(input);
    }

    private byte[] fresh(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
