/**
 * What happened in a session, in order, kept on its volume: the one thing here that must never be lost or told twice.
 *
 * <p>Start at {@link Journal}. An entry is on disk before anyone is shown it.
 */
@NullMarked
package dev.slipway.agent.journal;

import org.jspecify.annotations.NullMarked;
