package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;

/** How HTTP reached the proxy, which decides what a request target may look like. */
sealed interface Arrival {
    /** Straight from the client: targets are absolute, or CONNECT. */
    record Open() implements Arrival {}

    /**
     * Inside a tunnel that was opened to one target, which is the only one that requests may name.
     *
     * @param tls whether the proxy ended TLS on the way in
     */
    record Tunnel(HostPort target, boolean tls) implements Arrival {}
}
