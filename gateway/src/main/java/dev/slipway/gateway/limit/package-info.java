/**
 * How often somebody may ask. {@link RateLimits} says which bucket counts for whom, {@link Buckets} holds them.
 */
@NullMarked
package dev.slipway.gateway.limit;

import org.jspecify.annotations.NullMarked;
