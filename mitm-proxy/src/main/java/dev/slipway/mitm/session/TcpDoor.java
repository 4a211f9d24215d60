package dev.slipway.mitm.session;

import dev.slipway.kit.identity.InternalKey;
import dev.slipway.mitm.door.DoorTokens;
import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.door.TcpEntrance;
import dev.slipway.mitm.settings.TcpSettings;
import dev.slipway.mitm.wire.ProxyServices;
import dev.slipway.mitm.wire.Transport;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PreDestroy;
import java.util.Base64;
import java.util.Optional;

/** The TCP port, where the operator wants one, and what a session has to say there. */
@Context
class TcpDoor {
    private final DoorTokens tokens;
    private final Optional<TcpEntrance> entrance;
    private final TcpSettings settings;

    TcpDoor(TcpSettings settings, InternalKey key, Doors doors, Transport transport, ProxyServices services) {
        this.settings = settings;
        this.tokens = new DoorTokens(Base64.getDecoder().decode(key.key().strip()));
        this.entrance = settings.listen().map(address -> new TcpEntrance(address, doors, tokens, transport, services));
    }

    /** {@code host:port} for clients, if there is a TCP port. */
    Optional<String> address() {
        return entrance.map(open -> settings.told(open.port()));
    }

    /** The session's password there. */
    String tokenOf(String sessionId, String projectId) {
        return tokens.of(sessionId, projectId);
    }

    @PreDestroy
    void close() {
        entrance.ifPresent(TcpEntrance::close);
    }
}
