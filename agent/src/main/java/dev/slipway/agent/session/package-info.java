/**
 * The session: its work tree, its agent CLI, its turns.
 *
 * <p>Start at {@link Supervisor}, which keeps all of it alive; {@link Turns} is what can happen to a turn, {@link AgentCli} one running
 * process, {@link PermissionDesk} the questions that wait for a person.
 */
@NullMarked
package dev.slipway.agent.session;

import org.jspecify.annotations.NullMarked;
