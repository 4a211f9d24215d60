package dev.slipway.gateway.door;

import dev.slipway.gateway.events.ChatDoor;
import dev.slipway.gateway.wire.SignedIdentity;
import java.net.URI;

/** The way to the chat of the sessions of the project that somebody was let into. */
record ChatRoute(Routes routes, Admission admission) implements ChatDoor {
    @Override
    public URI address() {
        return routes.to(RouteTable.SESSION, admission).address();
    }

    @Override
    public String path(String session) {
        return routes.to(RouteTable.SESSION, admission).base() + "chat/" + session + "/stream";
    }

    @Override
    public SignedIdentity identity() {
        return routes.to(RouteTable.SESSION, admission).identity();
    }
}
