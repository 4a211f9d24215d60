/**
 * What the agent said, and how it reads as a UI message stream. {@link Translator} turns the journal's entries of a turn into
 * chunks that every version of the {@code ai} package from 5 to 7 accepts; {@link MessageFold} makes the chunks of a turn that
 * is over one message. Both are pure: the same entries give the same bytes, on any replica, before or after a crash.
 */
@NullMarked
package dev.slipway.session.transcript;

import org.jspecify.annotations.NullMarked;
