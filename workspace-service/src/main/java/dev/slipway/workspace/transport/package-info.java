/**
 * The git server of sandboxes: smart HTTP (gitprotocol-http), protocol version 2 included.
 *
 * <p>{@link GitServerController} admits a sandbox to its own session and no other; {@link GitServer} runs git's own
 * {@code upload-pack} and {@code receive-pack} in the session's namespace, so there is nothing else that it could see or move.
 */
@NullMarked
package dev.slipway.workspace.transport;

import org.jspecify.annotations.NullMarked;
