package dev.slipway.container.reconcile;

import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxRuntime;
import jakarta.inject.Singleton;

/** Says why a sandbox ended by itself, as far as the engine knows. */
@Singleton
class Deaths {
    private static final int LOG_LINES = 5;
    private static final int LOG_CHARACTERS = 400;

    private final SandboxRuntime runtime;

    Deaths(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    SandboxState.Failed describe(Sandbox sandbox, Sandbox.State.Exited exited) {
        String reason = exited.outOfMemory()
                ? "The sandbox ran out of memory and was ended. Raise the session's memory limit, or let the agent do less at once."
                : "The sandbox ended with exit code " + exited.exitCode() + meaning(exited.exitCode()) + ".";
        return new SandboxState.Failed(reason + lastWords(sandbox), exited.exitCode(), exited.outOfMemory());
    }

    private static String meaning(int exitCode) {
        return switch (exitCode) {
            case 3 -> " (its supervisor could get no more memory or threads: raise the session's memory or processes)";
            case 126 -> " (its program cannot be run)";
            case 127 -> " (its program is not in the image)";
            case 137 ->
                " (killed: from outside, as when the container engine is restarted, or by the kernel for want of memory)";
            case 255 -> " (killed from outside, as when the container engine is restarted)";
            case 0, 143 -> " (asked to end from outside, as when the container engine is restarted)";
            default -> "";
        };
    }

    private String lastWords(Sandbox sandbox) {
        try {
            String tail = runtime.logTail(sandbox.containerId(), LOG_LINES);
            return tail.isBlank()
                    ? ""
                    : " It last said: " + tail.substring(Math.max(0, tail.length() - LOG_CHARACTERS));
        } catch (SandboxFailure _) {
            return "";
        }
    }
}
