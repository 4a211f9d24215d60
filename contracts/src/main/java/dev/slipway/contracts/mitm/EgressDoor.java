package dev.slipway.contracts.mitm;

import io.micronaut.core.annotation.Creator;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * Where a session's traffic goes in: the Unix socket's path on this host, and the authority to trust.
 *
 * @param address {@code host:port} of the TCP listener, where one is configured
 * @param token the password of that listener for this session (user = session id, HTTP Basic or SOCKS5 RFC 1929); a secret
 */
@Serdeable
public record EgressDoor(
        String socket,
        String caPem,
        @Nullable String address,
        @Nullable String token) {
    @Creator
    public EgressDoor {}

    /** A door without the TCP listener. */
    public EgressDoor(String socket, String caPem) {
        this(socket, caPem, null, null);
    }

    @Override
    public String toString() {
        return "EgressDoor[socket=" + socket + ", address=" + address + ", token=hidden]";
    }
}
