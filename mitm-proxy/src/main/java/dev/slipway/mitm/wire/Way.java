package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;

/**
 * How a connection to a destination is made; connections of the same way may be used one after the other. The session is part of it, so
 * that no session ever writes on a connection that another one has used.
 *
 * @param origin the host that the server must prove to be, if TLS is spoken
 * @param dial where the connection is opened to
 * @param operator whether the operator chose that address: then it may be private
 */
record Way(String sessionId, HostPort origin, HostPort dial, boolean tls, boolean operator) {}
