package dev.slipway.credential.vault;

import org.jspecify.annotations.Nullable;

/** What wraps data keys: a master key that this service has, or a key service or token that has it. */
interface KeyWrapper {
    /** The layout of the envelopes that hold keys wrapped by this. */
    byte layout();

    /**
     * The id of the key that wraps at present.
     *
     * @throws KeyServiceUnavailableException if that is not known here and cannot be asked
     */
    String currentKeyId();

    /** The same as far as it is known here without asking anybody; null if it was never known. */
    @Nullable
    String knownKeyId();

    /**
     * Wraps a data key.
     *
     * @param bound what it opens for and for nothing else
     * @throws KeyServiceUnavailableException if nothing can be wrapped at present
     */
    byte[] wrap(byte[] dataKey, byte[] bound);

    /**
     * Opens what {@link #wrap} gave; the caller zeroes the answer.
     *
     * @throws SealedSecretException if it was changed, is bound to something else, or its key is gone
     * @throws KeyServiceUnavailableException if that cannot be told at present
     */
    byte[] unwrap(byte[] wrapped, byte[] bound) throws SealedSecretException;

    /** The id of the key that wrapped this; nothing of it is trusted yet. */
    String keyIdOf(byte[] wrapped);
}
