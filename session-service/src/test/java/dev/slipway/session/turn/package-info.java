/** Turns that nobody ends: what the watchdogs do. */
@NullMarked
package dev.slipway.session.turn;

import org.jspecify.annotations.NullMarked;
