/**
 * What listens in the sandbox, and the way to it: a sandbox has no network, so whoever wants to see a server that runs in it comes
 * through the agent's socket. Start at {@link PortTunnel}.
 */
@NullMarked
package dev.slipway.agent.port;

import org.jspecify.annotations.NullMarked;
