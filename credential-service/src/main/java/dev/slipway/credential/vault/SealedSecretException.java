package dev.slipway.credential.vault;

/** A sealed secret does not open. The message says why and holds nothing of the secret. */
public final class SealedSecretException extends Exception {
    private static final long serialVersionUID = 1L;

    SealedSecretException(String reason) {
        super("The stored secret does not open: " + reason + ". Store the credential again.");
    }
}
