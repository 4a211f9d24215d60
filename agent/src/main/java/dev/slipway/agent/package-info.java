/**
 * The supervisor inside a sandbox: the only part of Slipway that runs beside code nobody trusts.
 *
 * <p>Start at {@link AgentMain}, which joins the parts, then {@code session.Supervisor}, which is what they are for: it clones the
 * session's branch, keeps the agent CLI running, runs turns, and writes all of it into the {@code journal}. Outside, one
 * Unix socket is served ({@code api}); inside, {@code relay} is the only way out. Nothing here holds a secret.
 */
@NullMarked
package dev.slipway.agent;

import org.jspecify.annotations.NullMarked;
