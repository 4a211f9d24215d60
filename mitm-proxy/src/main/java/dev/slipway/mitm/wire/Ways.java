package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;

/** Chooses the way to a host: the operator's, if there is one, else straight. */
final class Ways {
    private Ways() {}

    static Way to(Door door, UpstreamMap upstreams, HostPort origin, boolean tls) {
        return upstreams
                .find(origin.host())
                .map(elsewhere -> new Way(door.sessionId(), origin, elsewhere.address(), elsewhere.tls(), true))
                .orElseGet(() -> new Way(door.sessionId(), origin, origin, tls, false));
    }
}
