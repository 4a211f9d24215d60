/**
 * The Agent Client Protocol, version 1: JSON-RPC 2.0, one object per line, over a process's standard streams.
 *
 * <p>Start at {@link AcpConnection}. Messages stay JSON trees: four vendors disagree too much for closed types, and what
 * nobody here knows has to pass untouched.
 */
@NullMarked
package dev.slipway.agent.acp;

import org.jspecify.annotations.NullMarked;
