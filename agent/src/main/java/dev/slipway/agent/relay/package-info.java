/** The way out: what connects to the loopback port is piped to the session's egress socket, byte for byte. */
@NullMarked
package dev.slipway.agent.relay;

import org.jspecify.annotations.NullMarked;
