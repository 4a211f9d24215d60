/**
 * Terminals, as people see them. The shell and its output belong to agent, so everything here may die at any moment and be
 * begun again: a {@link TerminalViewer} follows agent's output from a position, and whoever comes back names his.
 *
 * <p>Start at {@link TerminalRoute} for the WebSocket and {@link TerminalController} for the rest; {@link TerminalHistory} keeps
 * what can be read while the sandbox stands still.
 */
@NullMarked
package dev.slipway.container.terminal;

import org.jspecify.annotations.NullMarked;
