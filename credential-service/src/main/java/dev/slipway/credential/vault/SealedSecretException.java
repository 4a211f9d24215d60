package dev.slipway.credential.vault;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;

/** A sealed secret does not open. The message says why and holds nothing of the secret. */
public final class SealedSecretException extends Exception {
    private static final long serialVersionUID = 1L;

    SealedSecretException(String reason) {
        super("The stored secret does not open: " + reason + ". Store the credential again.");
    }

    static SealedSecretException refused(GeneralSecurityException cause) {
        return new SealedSecretException(
                cause instanceof AEADBadTagException
                        ? "it was changed, or belongs to another credential, project or version"
                        : "the platform refused it (" + cause.getClass().getSimpleName() + ")");
    }
}
