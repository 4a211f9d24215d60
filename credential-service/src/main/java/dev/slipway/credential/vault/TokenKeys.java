package dev.slipway.credential.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Wraps data keys on a PKCS#11 token by a key that never leaves it. A wrapped key is
 *
 * <pre>length (1) | the key's label | nonce (12) | data key (32) | tag (16)</pre>
 *
 * <p>Every key that is still on the token opens what it wrapped: to change the master key, make one with another label.
 */
final class TokenKeys implements KeyWrapper {
    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]|\\\\");

    private static final int TAIL_BYTES = Aes.NONCE_BYTES + Envelope.DATA_KEY_BYTES + Aes.TAG_BYTES;
    private static final int LABEL_BYTES_MAX = 255;

    private final Token token;
    private final String label;
    private final SecureRandom random;

    /** @throws IllegalArgumentException if the label cannot be one */
    TokenKeys(Token token, TokenSettings settings, SecureRandom random) {
        this.token = token;
        this.label = settings.key().strip();
        this.random = random;
        int bytes = bytes(label).length;
        if (bytes == 0 || bytes > LABEL_BYTES_MAX) {
            throw new IllegalArgumentException("slipway.credential.pkcs11.key (SLIPWAY_PKCS11_KEY): " + bytes
                    + " bytes (expected: the label of a key on the token)");
        }
    }

    @Override
    public byte layout() {
        return Envelope.TOKEN;
    }

    @Override
    public String currentKeyId() {
        // As what it sealed says it: the two are compared.
        return id(printable(label));
    }

    @Override
    public String knownKeyId() {
        return currentKeyId();
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] bound) {
        SecretKey master = token.find(label)
                .orElseThrow(() -> new KeyServiceUnavailableException("the PKCS#11 token has no key " + label
                        + " (expected: one of type AES and 256 bits with that label)"));
        byte[] nonce = nonce();
        byte[] name = bytes(label);
        try {
            byte[] wrapped = token.crypt(Cipher.ENCRYPT_MODE, master, nonce, with(bound, name), dataKey);
            return ByteBuffer.allocate(1 + name.length + nonce.length + wrapped.length)
                    .put((byte) name.length)
                    .put(name)
                    .put(nonce)
                    .put(wrapped)
                    .array();
        } catch (GeneralSecurityException | ProviderException e) {
            throw token.lost("it does not encrypt", e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] bound) throws SealedSecretException {
        int data = dataAt(wrapped);
        if (data < 0) {
            throw new SealedSecretException("it was changed, so that no key of the token can be found for it");
        }
        byte[] name = Arrays.copyOfRange(wrapped, 1, data);
        String wrappedBy = new String(name, StandardCharsets.UTF_8);
        SecretKey master = token.find(wrappedBy)
                .orElseThrow(() -> new SealedSecretException(
                        "it was sealed with the token's key " + printable(wrappedBy) + ", which is not on the token"));
        byte[] nonce = Arrays.copyOfRange(wrapped, data, data + Aes.NONCE_BYTES);
        byte[] encrypted = Arrays.copyOfRange(wrapped, data + Aes.NONCE_BYTES, wrapped.length);
        try {
            return token.crypt(Cipher.DECRYPT_MODE, master, nonce, with(bound, name), encrypted);
        } catch (AEADBadTagException e) {
            requireHealthy(master, e);
            throw SealedSecretException.refused(e);
        } catch (GeneralSecurityException | ProviderException e) {
            throw token.lost("it does not decrypt", e);
        }
    }

    @Override
    public String keyIdOf(byte[] wrapped) {
        int data = dataAt(wrapped);
        return data < 0 ? "pkcs11/unknown" : id(printable(new String(wrapped, 1, data - 1, StandardCharsets.UTF_8)));
    }

    /** Some libraries have one error for a wrong tag and for whatever else goes wrong: only a token that works may blame the secret. */
    private void requireHealthy(SecretKey master, Exception cause) {
        byte[] probe = nonce();
        try {
            byte[] nonce = nonce();
            byte[] encrypted = token.crypt(Cipher.ENCRYPT_MODE, master, nonce, probe, probe);
            if (!Arrays.equals(probe, token.crypt(Cipher.DECRYPT_MODE, master, nonce, probe, encrypted))) {
                throw token.lost("it does not decrypt what it encrypted", cause);
            }
        } catch (GeneralSecurityException | ProviderException e) {
            throw token.lost("it does not decrypt", e);
        }
    }

    private byte[] nonce() {
        byte[] nonce = new byte[Aes.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    /** Where the label ends; -1 if the lengths do not fit. */
    private static int dataAt(byte[] wrapped) {
        int data = wrapped.length == 0 ? 0 : 1 + Byte.toUnsignedInt(wrapped[0]);
        return data > 1 && wrapped.length == data + TAIL_BYTES ? data : -1;
    }

    private static String id(String label) {
        return "pkcs11/" + label;
    }

    /** What stands in a row is not trusted to be a label. Two labels never become one: their ids are what tells keys apart. */
    private static String printable(String text) {
        return UNPRINTABLE
                .matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(
                        String.format("\\u{%x}", part.group().codePointAt(0))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] with(byte[] bound, byte[] name) {
        return ByteBuffer.allocate(bound.length + name.length)
                .put(bound)
                .put(name)
                .array();
    }
}
