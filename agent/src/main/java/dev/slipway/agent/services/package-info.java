/**
 * What a repository brings for its own sessions: hooks that run once, before the first turn, and services that run beside the
 * agent. They lie as scripts in {@code .slipway/hooks} and {@code .slipway/services}, or in {@code .octobot/} as before.
 *
 * <p>Start at {@link Script}, which is how both are written; {@link Hooks} runs the first kind, {@link Services} the second. They
 * may do what the agent may do and no more, so nobody has to approve them.
 */
@NullMarked
package dev.slipway.agent.services;

import org.jspecify.annotations.NullMarked;
