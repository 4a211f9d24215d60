package dev.slipway.credential;

import io.micronaut.runtime.Micronaut;

/** Starts credential-service. */
public final class Application {
    private Application() {}

    /** Starts the service and returns once it listens. */
    public static void main(String[] args) {
        Micronaut.run(Application.class, args);
    }
}
