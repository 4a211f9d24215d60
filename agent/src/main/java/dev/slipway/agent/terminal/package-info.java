/**
 * The session's terminal: one shell on one pseudo-terminal, for as many viewers as want it.
 *
 * <p>It lives here and not in container-service, so that a restart of any service leaves the shell and what runs in it alone.
 * Start at {@link Terminal}; what the shell writes goes to {@link TerminalLog} before anybody sees it, and is known by its
 * position in bytes since the session's first shell. {@link EscapeScanner} says where it may be cut.
 */
@NullMarked
package dev.slipway.agent.terminal;

import org.jspecify.annotations.NullMarked;
