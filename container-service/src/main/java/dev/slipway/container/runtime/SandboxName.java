package dev.slipway.container.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What a session's things are called on the engine and on its host. Session ids may be long and are chosen by clients; their
 * hash is neither.
 */
public record SandboxName(String sessionId) {
    /** No session's id has a colon. */
    private static final String WARM = "warm:";

    private static final int HEX_DIGITS = 16;

    /** That of a sandbox that is made before anybody wants one; {@code number} is its own and is never used again. */
    public static SandboxName warm(UUID number) {
        return new SandboxName(WARM + number);
    }

    /** Whether this is no session's, but of a sandbox that was made ahead. */
    public boolean isWarm() {
        return sessionId.startsWith(WARM);
    }

    /** The first 16 hexadecimal digits of the SHA-256 of the session's id. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(sessionId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The container's name. */
    public String container() {
        return "slipway-" + hash();
    }

    /** The name of the volume at {@code /data}. */
    public String volume() {
        return container();
    }
}
