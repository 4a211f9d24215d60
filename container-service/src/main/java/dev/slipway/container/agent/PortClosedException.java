package dev.slipway.container.agent;

import java.io.IOException;

/** Nothing in the sandbox listens on the port. */
public final class PortClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    PortClosedException(int port) {
        super("Nothing in the sandbox listens on port " + port + ".");
    }
}
