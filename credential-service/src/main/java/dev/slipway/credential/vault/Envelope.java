package dev.slipway.credential.vault;

import java.nio.ByteBuffer;

/**
 * The bytes of a sealed secret, taken apart:
 *
 * <pre>
 * layout 1: 1 | wrapped data key (68)              | nonce (12) | secret | tag (16)     wrapped by {@link LocalKeys}
 * layout 2: 2 | length (2) | wrapped data key      | nonce (12) | secret | tag (16)     wrapped by {@link TransitKeys}
 * layout 3: 3 | length (2) | wrapped data key      | nonce (12) | secret | tag (16)     wrapped by {@link TokenKeys}
 * </pre>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, lives for one call
record Envelope(byte layout, byte[] wrappedKey, byte[] nonce, byte[] ciphertext) {
    /** Keys wrapped by a master key that this service has. */
    static final byte LOCAL = 1;

    /** Keys wrapped by a key service. */
    static final byte SERVICE = 2;

    /** Keys wrapped on a PKCS#11 token. */
    static final byte TOKEN = 3;

    static final int DATA_KEY_BYTES = 32;

    private static final int TAIL_BYTES = Aes.NONCE_BYTES + Aes.TAG_BYTES;
    private static final int LEAST_BYTES = 1 + Short.BYTES + TAIL_BYTES;

    /** Takes the bytes apart; nothing in them is trusted yet. */
    static Envelope parse(byte[] sealed) throws SealedSecretException {
        requireLength(sealed, LEAST_BYTES);
        ByteBuffer rest = ByteBuffer.wrap(sealed);
        byte layout = rest.get();
        int wrapped = switch (layout) {
            case LOCAL -> LocalKeys.WRAPPED_BYTES;
            case SERVICE, TOKEN -> Short.toUnsignedInt(rest.getShort());
            default ->
                throw new SealedSecretException(
                        "layout " + layout + " is unknown (expected: " + LOCAL + ", " + SERVICE + " or " + TOKEN + ")");
        };
        requireLength(sealed, rest.position() + wrapped + TAIL_BYTES);
        return new Envelope(layout, take(rest, wrapped), take(rest, Aes.NONCE_BYTES), take(rest, rest.remaining()));
    }

    byte[] bytes() {
        boolean measured = layout != LOCAL;
        ByteBuffer bytes = ByteBuffer.allocate(
                1 + (measured ? Short.BYTES : 0) + wrappedKey.length + nonce.length + ciphertext.length);
        bytes.put(layout);
        if (measured) {
            bytes.putShort((short) wrappedKey.length);
        }
        return bytes.put(wrappedKey).put(nonce).put(ciphertext).array();
    }

    private static void requireLength(byte[] sealed, int least) throws SealedSecretException {
        if (sealed.length < least) {
            throw new SealedSecretException(
                    "it is cut off: " + sealed.length + " bytes (expected: at least " + least + ")");
        }
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] taken = new byte[length];
        from.get(taken);
        return taken;
    }
}
