package dev.slipway.credential.outgoing;

/** A provider gave no answer; whether it got the question is unknown. The message is for users. */
public final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreachableException(String reason) {
        super(reason);
    }
}
