/** A project's events, from a real log. */
@NullMarked
package dev.slipway.gateway.events;

import org.jspecify.annotations.NullMarked;
