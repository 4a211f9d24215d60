package dev.slipway.credential.sshkey;

/** A private key cannot be used. The message says why, in words for its owner, and holds nothing of the key. */
public final class MalformedSshKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedSshKeyException(String reason) {
        super(reason);
    }
}
