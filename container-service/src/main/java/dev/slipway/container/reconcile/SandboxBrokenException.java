package dev.slipway.container.reconcile;

import dev.slipway.container.lifecycle.SandboxState;

/** The sandbox cannot become ready, and trying again would not help. */
final class SandboxBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SandboxState.Failed failed;

    SandboxBrokenException(SandboxState.Failed failed) {
        super(failed.reason(), null, false, false);
        this.failed = failed;
    }

    SandboxState.Failed failed() {
        return failed;
    }
}
