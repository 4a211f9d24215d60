package dev.slipway.credential.vault;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that wraps data keys. Its id is derived from it and so needs no configuration; it tells nothing of the key.
 */
public final class MasterKey {
    /** The length of an id in bytes. */
    static final int ID_BYTES = 8;

    private static final int KEY_BYTES = 32;

    /** 32 random bytes have about 30 different values; fewer than this is a typed or repeated pattern. */
    private static final int DIFFERENT_BYTES_MIN = 8;

    private static final String HOW_TO = "make one with: openssl rand -hex 32";

    private final SecretKey key;
    private final byte[] id;

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = idOf(bytes);
    }

    /**
     * Reads a key.
     *
     * @param setting where the key was given, for the message
     * @throws IllegalArgumentException if it is missing, malformed or weak; the message never holds it
     */
    static MasterKey parse(String setting, String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            throw new IllegalArgumentException(
                    setting + ": not set (expected: 32 bytes as 64 hex digits or base64; " + HOW_TO + ")");
        }
        byte[] bytes = decode(setting, stripped);
        try {
            check(setting, bytes);
            return new MasterKey(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    SecretKey key() {
        return key;
    }

    byte[] id() {
        return id.clone();
    }

    /** The id as 16 hex digits. */
    public String idText() {
        return HexFormat.of().formatHex(id);
    }

    @Override
    public String toString() {
        return "MasterKey[" + idText() + "]";
    }

    private static void check(String setting, byte[] bytes) {
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(setting + ": " + bytes.length
                    + " bytes (expected: 32 bytes as 64 hex digits or base64; " + HOW_TO + ")");
        }
        boolean[] seen = new boolean[256];
        int different = 0;
        for (byte each : bytes) {
            different += seen[each & 0xFF] ? 0 : 1;
            seen[each & 0xFF] = true;
        }
        if (different < DIFFERENT_BYTES_MIN) {
            throw new IllegalArgumentException(setting + ": too weak, only " + different
                    + " different bytes (expected: 32 random bytes; " + HOW_TO + ")");
        }
    }

    @SuppressWarnings("EmptyCatch") // what the decoder says of a key could quote it, so its exception is not kept
    private static byte[] decode(String setting, String text) {
        if (text.length() == 2 * KEY_BYTES && text.chars().allMatch(HexFormat::isHexDigit)) {
            return HexFormat.of().parseHex(text);
        }
        for (Base64.Decoder decoder : new Base64.Decoder[] {Base64.getDecoder(), Base64.getUrlDecoder()}) {
            try {
                return decoder.decode(text);
            } catch (IllegalArgumentException _) {
                // The other alphabet may fit.
            }
        }
        throw new IllegalArgumentException(
                setting + ": neither hex nor base64 (expected: 32 bytes as 64 hex digits or base64; " + HOW_TO + ")");
    }

    private static byte[] idOf(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new PassingKey(bytes, "HmacSHA256"));
            byte[] derived = mac.doFinal("slipway master key id".getBytes(StandardCharsets.US_ASCII));
            return Arrays.copyOf(derived, ID_BYTES);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("the platform lacks HMAC-SHA-256", e);
        }
    }
}
