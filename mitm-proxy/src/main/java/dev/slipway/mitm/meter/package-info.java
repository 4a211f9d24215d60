/**
 * Tokens that model providers say they counted, read from answers as they pass.
 *
 * <p>{@link PriceTable} says what they cost, and {@link Purse} holds a session to what it may spend.
 *
 * <p>{@link UsageTap} looks at each piece of an answer's body without keeping it; it delays nothing and changes nothing.
 */
@NullMarked
package dev.slipway.mitm.meter;

import org.jspecify.annotations.NullMarked;
