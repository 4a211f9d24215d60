/**
 * Turns: a user's message and the agent's work on it. They wait in a row per session, go to the agent one by one
 * ({@link TurnDispatcher}), and come to exactly one end each ({@link TurnEndings}), whose chunks every viewer gets.
 */
@NullMarked
package dev.slipway.session.turn;

import org.jspecify.annotations.NullMarked;
