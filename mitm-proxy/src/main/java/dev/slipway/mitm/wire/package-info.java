/**
 * The data path: what happens to bytes from a sandbox's connection until they leave for a server, and back. Netty alone.
 *
 * <p>A connection begins at {@link FirstBytes}, which finds the protocol. SOCKS and CONNECT end at {@link TunnelStart}, which looks at
 * what comes inside; HTTP in every form ends at {@link HttpFront}, which makes one {@link Exchange} of each request. Both legs of an
 * exchange are on one event loop, so nothing here is locked. {@link Door} is whose connection it is.
 */
@NullMarked
package dev.slipway.mitm.wire;

import org.jspecify.annotations.NullMarked;
