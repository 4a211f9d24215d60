package dev.slipway.mitm.authority;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Serial numbers of certificates: positive, 126 random bits (RFC 5280 allows 159; browsers ask for 64 random ones). */
final class Serial {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BITS = 126;

    private Serial() {}

    static BigInteger next() {
        return new BigInteger(BITS, RANDOM).setBit(BITS);
    }
}
