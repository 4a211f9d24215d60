/**
 * Sandboxes made before anybody wants one, so that a session need not wait for its container.
 *
 * <p>Start at {@link WarmPool}, which keeps as many as are likely to be wanted. {@link WarmStore} gives one to a session, by a row
 * lock, once and for ever: it is never given to another, whatever becomes of the first.
 */
@NullMarked
package dev.slipway.container.warm;

import org.jspecify.annotations.NullMarked;
