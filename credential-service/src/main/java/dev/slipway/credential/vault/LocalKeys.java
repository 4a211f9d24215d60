package dev.slipway.credential.vault;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;

/**
 * Wraps data keys by the master keys that this service was given. A wrapped key is
 *
 * <pre>master key id (8) | nonce (12) | data key (32) | tag (16)</pre>
 */
final class LocalKeys implements KeyWrapper {
    static final int WRAPPED_BYTES = MasterKey.ID_BYTES + Aes.NONCE_BYTES + Envelope.DATA_KEY_BYTES + Aes.TAG_BYTES;

    private final KeyRing keys;
    private final SecureRandom random;

    LocalKeys(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    @Override
    public byte layout() {
        return Envelope.LOCAL;
    }

    @Override
    public String currentKeyId() {
        return keys.current().idText();
    }

    @Override
    public String knownKeyId() {
        return currentKeyId();
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] bound) {
        MasterKey master = keys.current();
        byte[] nonce = new byte[Aes.NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] wrapped = Aes.crypt(Cipher.ENCRYPT_MODE, master.key(), nonce, withId(bound, master.id()), dataKey);
            return ByteBuffer.allocate(WRAPPED_BYTES)
                    .put(master.id())
                    .put(nonce)
                    .put(wrapped)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform lacks AES-256-GCM", e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] bound) throws SealedSecretException {
        byte[] id = Arrays.copyOf(wrapped, MasterKey.ID_BYTES);
        MasterKey master = keys.find(id)
                .orElseThrow(() -> new SealedSecretException("it was sealed with master key " + keyIdOf(wrapped)
                        + ", which this service does not have (expected: that key in ENCRYPTION_KEY or"
                        + " ENCRYPTION_KEYS_PREVIOUS)"));
        int data = MasterKey.ID_BYTES + Aes.NONCE_BYTES;
        try {
            return Aes.crypt(
                    Cipher.DECRYPT_MODE,
                    master.key(),
                    Arrays.copyOfRange(wrapped, MasterKey.ID_BYTES, data),
                    withId(bound, id),
                    Arrays.copyOfRange(wrapped, data, wrapped.length));
        } catch (GeneralSecurityException e) {
            throw SealedSecretException.refused(e);
        }
    }

    @Override
    public String keyIdOf(byte[] wrapped) {
        return HexFormat.of().formatHex(wrapped, 0, MasterKey.ID_BYTES);
    }

    private static byte[] withId(byte[] bound, byte[] keyId) {
        byte[] data = Arrays.copyOf(bound, bound.length + keyId.length);
        System.arraycopy(keyId, 0, data, bound.length, keyId.length);
        return data;
    }
}
