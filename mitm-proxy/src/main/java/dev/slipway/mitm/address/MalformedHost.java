package dev.slipway.mitm.address;

/** What a client gave as a host or a port is none, or could be read in two ways; the message is fit for that client. */
public final class MalformedHost extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public MalformedHost(String message) {
        super(message);
    }
}
