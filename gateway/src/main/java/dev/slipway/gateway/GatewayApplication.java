package dev.slipway.gateway;

import io.micronaut.runtime.Micronaut;

/** The door: the only part of Slipway that the world reaches. */
public final class GatewayApplication {
    private GatewayApplication() {}

    /** Starts the gateway. */
    public static void main(String[] arguments) {
        Micronaut.run(GatewayApplication.class, arguments);
    }
}
