package dev.slipway.mitm;

import io.micronaut.runtime.Micronaut;

/** Starts the proxy and its admin port. */
public final class Application {
    private Application() {}

    /** The process's entry. */
    public static void main(String[] arguments) {
        Micronaut.run(Application.class, arguments);
    }
}
