/** Webhooks, against a real log and a receiver that misbehaves. */
@NullMarked
package dev.slipway.gateway.webhook;

import org.jspecify.annotations.NullMarked;
