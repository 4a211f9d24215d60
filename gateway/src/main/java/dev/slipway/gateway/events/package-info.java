/**
 * A project's events as Server-Sent Events, read from the log itself. {@link EventTail} reads what is new once and gives it to
 * all live viewers; {@link EventHistory} reads what a viewer has missed. {@link EventStreamExchange} joins the two.
 */
@NullMarked
package dev.slipway.gateway.events;

import org.jspecify.annotations.NullMarked;
