/**
 * One request and its answer on a client's connection. An {@link Exchange} is what is being done about the request, the
 * {@link Front} the client's side of it. All of it runs on the connection's event loop and never waits.
 */
@NullMarked
package dev.slipway.gateway.wire;

import org.jspecify.annotations.NullMarked;
