/**
 * How a secret rests: sealed with a data key of its own, which is wrapped by the master key.
 *
 * <p>Start at {@link Vault}. {@link Envelope} is the layout of the bytes, {@link Binding} what they are bound to, and
 * {@link KeyRing} holds the master keys.
 */
@NullMarked
package dev.slipway.credential.vault;

import org.jspecify.annotations.NullMarked;
