/** What all lifecycle events have in common: how a record says its type on the wire. */
@NullMarked
package dev.slipway.contracts.event;

import org.jspecify.annotations.NullMarked;
