package dev.slipway.workspace;

import io.micronaut.runtime.Micronaut;

/** Starts workspace-service. */
public final class Application {
    private Application() {}

    /** Runs until the process is told to end. */
    public static void main(String[] arguments) {
        Micronaut.run(Application.class, arguments);
    }
}
