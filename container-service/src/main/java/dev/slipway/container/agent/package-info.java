/**
 * The way to the supervisor inside a sandbox: HTTP/1.1 over a Unix socket that the sandbox itself made, so nothing that
 * comes over it is trusted.
 *
 * <p>{@link AgentSockets} reaches the socket, {@link AgentExchange} speaks HTTP, {@link AgentProxy} passes requests of
 * others on and {@link AgentClient} makes our own.
 */
@NullMarked
package dev.slipway.container.agent;

import org.jspecify.annotations.NullMarked;
