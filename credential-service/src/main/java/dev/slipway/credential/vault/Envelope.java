package dev.slipway.credential.vault;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The bytes of a sealed secret, taken apart:
 *
 * <pre>version (1) | master key id (8) | nonce (12) | wrapped data key (32 + tag 16) | nonce (12) | secret | tag (16)</pre>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, lives for one call
record Envelope(byte[] keyId, byte[] wrapNonce, byte[] wrappedKey, byte[] nonce, byte[] ciphertext) {
    /** The only layout there is so far. */
    static final byte VERSION = 1;

    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int DATA_KEY_BYTES = 32;

    private static final int WRAPPED_BYTES = DATA_KEY_BYTES + TAG_BYTES;
    private static final int HEAD_BYTES = 1 + MasterKey.ID_BYTES + NONCE_BYTES + WRAPPED_BYTES + NONCE_BYTES;

    /** Takes the bytes apart; nothing in them is trusted yet. */
    static Envelope parse(byte[] sealed) throws SealedSecretException {
        if (sealed.length < HEAD_BYTES + TAG_BYTES) {
            throw new SealedSecretException(
                    "it is cut off: " + sealed.length + " bytes (expected: at least " + (HEAD_BYTES + TAG_BYTES) + ")");
        }
        ByteBuffer rest = ByteBuffer.wrap(sealed);
        byte version = rest.get();
        if (version != VERSION) {
            throw new SealedSecretException("layout " + version + " is unknown (expected: " + VERSION + ")");
        }
        return new Envelope(
                take(rest, MasterKey.ID_BYTES),
                take(rest, NONCE_BYTES),
                take(rest, WRAPPED_BYTES),
                take(rest, NONCE_BYTES),
                take(rest, rest.remaining()));
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEAD_BYTES + ciphertext.length)
                .put(VERSION)
                .put(keyId)
                .put(wrapNonce)
                .put(wrappedKey)
                .put(nonce)
                .put(ciphertext)
                .array();
    }

    String keyIdText() {
        return HexFormat.of().formatHex(keyId);
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] taken = new byte[length];
        from.get(taken);
        return taken;
    }
}
