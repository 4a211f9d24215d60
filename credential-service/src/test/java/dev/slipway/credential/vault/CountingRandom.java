package dev.slipway.credential.vault;

import java.security.SecureRandom;

/** Gives 0, 1, 2, … so that a sealing can be foretold. */
final class CountingRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private byte next;

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = next++;
        }
    }
}
