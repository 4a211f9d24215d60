/**
 * How a secret rests: sealed with a data key of its own, which is wrapped by the master key.
 *
 * <p>Start at {@link Vault}. {@link Envelope} is the layout of the bytes and {@link Binding} what they are bound to. A {@link
 * KeyWrapper} wraps data keys: {@link LocalKeys} by master keys from the configuration, {@link TransitKeys} by a key service and
 * {@link TokenKeys} on a PKCS#11 token, whose master keys never come here.
 */
@NullMarked
package dev.slipway.credential.vault;

import org.jspecify.annotations.NullMarked;
