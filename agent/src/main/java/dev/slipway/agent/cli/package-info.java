/**
 * The agent command lines: what each needs to start well, and how its differences from the others are evened out.
 *
 * <p>Start at {@link AgentType}. Nothing here runs anything.
 */
@NullMarked
package dev.slipway.agent.cli;

import org.jspecify.annotations.NullMarked;
