package dev.slipway.session;

import io.micronaut.runtime.Micronaut;

/** Starts session-service. */
public final class Application {
    private Application() {}

    /** The process's entry. */
    public static void main(String[] arguments) {
        Micronaut.run(Application.class, arguments);
    }
}
