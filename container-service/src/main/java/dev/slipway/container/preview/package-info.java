/**
 * What listens in a sandbox, for the eyes of its users: HTTP and WebSockets to a port, through agent's socket.
 *
 * <p>What comes back was written by code that nobody trusts; the gateway sees to it that it never runs on the API's origin. Start
 * at {@link PreviewController}; {@link PreviewSocket} carries WebSockets.
 */
@NullMarked
package dev.slipway.container.preview;

import org.jspecify.annotations.NullMarked;
