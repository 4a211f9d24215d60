/**
 * Tells other systems of a project's events by HTTP. {@link WebhookFeed} reads the log, at one gateway at a time, and writes a
 * delivery for each webhook that wants an event; {@link WebhookDelivery} sends it, again and again until it is taken or given up.
 * Nothing is sent anywhere that {@link OutboundAddresses} does not let pass.
 */
@NullMarked
package dev.slipway.gateway.webhook;

import org.jspecify.annotations.NullMarked;
