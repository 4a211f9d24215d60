/**
 * Lifecycle events leave through a table that is written in the transaction of the change; a relay publishes it.
 */
@NullMarked
package dev.slipway.kit.outbox;

import org.jspecify.annotations.NullMarked;
