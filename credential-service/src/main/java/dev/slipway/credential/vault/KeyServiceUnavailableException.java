package dev.slipway.credential.vault;

/** The key service gave no usable answer: secrets that are not open already cannot be opened or sealed until it does. */
public final class KeyServiceUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyServiceUnavailableException(String reason) {
        super("The key service cannot be used: " + reason + ".");
    }
}
