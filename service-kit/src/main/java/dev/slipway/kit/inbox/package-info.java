/**
 * Lifecycle events come in once each, in a transaction with their effect.
 */
@NullMarked
package dev.slipway.kit.inbox;

import org.jspecify.annotations.NullMarked;
