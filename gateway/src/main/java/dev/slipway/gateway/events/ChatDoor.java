package dev.slipway.gateway.events;

import dev.slipway.gateway.wire.SignedIdentity;
import java.net.URI;

/** The way to the chat of a project's sessions, in the name of one viewer. */
public interface ChatDoor {
    /** Where session-service is. */
    URI address();

    /** The path of a session's stream there. */
    String path(String session);

    /** The viewer's signed identity, which is good for a while only. */
    SignedIdentity identity();
}
