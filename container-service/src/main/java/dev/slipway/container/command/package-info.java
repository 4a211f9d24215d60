/**
 * Single commands in a sandbox, for people and programs that have no agent to ask. Which ones may be run is for the operator to
 * say; nothing is allowed until he does. Start at {@link CommandController} and {@link CommandAllowlist}.
 */
@NullMarked
package dev.slipway.container.command;

import org.jspecify.annotations.NullMarked;
