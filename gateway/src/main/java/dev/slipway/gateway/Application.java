package dev.slipway.gateway;

import io.micronaut.runtime.Micronaut;

/** The door: the only part of Slipway that the world reaches. */
public final class Application {
    private Application() {}

    /** Starts the gateway. */
    public static void main(String[] arguments) {
        Micronaut.run(Application.class, arguments);
    }
}
