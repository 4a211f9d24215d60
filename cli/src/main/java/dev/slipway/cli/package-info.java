/**
 * The {@code slipway} command as a client: it talks to the gateway's public API and to nothing else.
 *
 * <p>Start at {@link dev.slipway.cli.Main}, which lists the commands; {@link dev.slipway.cli.Gateway} is the way to the
 * server and {@link dev.slipway.cli.UiMessageStream} turns an agent's answer into text for a terminal. Exit codes: 0 done, 1 the
 * server refused and said why, 2 the command line is wrong, 3 the server cannot be reached, 4 the agent's turn ended in an
 * error.
 */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
