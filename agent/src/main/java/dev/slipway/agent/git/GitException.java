package dev.slipway.agent.git;

import java.io.IOException;

/** A git command that did not do what was asked. */
public final class GitException extends IOException {
    GitException(String message) {
        super(message);
    }
}
