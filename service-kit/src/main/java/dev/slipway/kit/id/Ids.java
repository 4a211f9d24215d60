package dev.slipway.kit.id;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes identifiers and checks those that clients choose. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LENGTH_MAX = 65;

    private Ids() {}

    /** A UUID of version 7 (RFC 9562, section 5.7): ordered by time to the millisecond, 74 bits random. */
    public static UUID next() {
        return at(System.currentTimeMillis(), RANDOM.nextInt(), RANDOM.nextLong());
    }

    /** As {@link #next}, of a time in milliseconds since 1970 and random bits of one's own, of which 74 are taken. */
    public static UUID at(long time, long someBits, long moreBits) {
        long high = (time << 16) | 0x7000L | (someBits & 0x0FFFL);
        long low = (moreBits & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** As {@link #next}, as text. */
    public static String text() {
        return next().toString();
    }

    /** Whether this may be an id: letters, digits and hyphens, 1 to 65 of them, no hyphen first. */
    public static boolean isWellFormed(String id) {
        if (id.isEmpty() || id.length() > LENGTH_MAX || id.charAt(0) == '-') {
            return false;
        }
        // By hand, since every request asks.
        for (int i = 0; i < id.length(); i++) {
            char letter = id.charAt(i);
            boolean plain = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9')
                    || letter == '-';
            if (!plain) {
                return false;
            }
        }
        return true;
    }
}
