/**
 * The way in. {@link EdgeHandler} sits in each connection's pipeline and sees every request first; {@link Authoriser} is the
 * one place that decides who may pass, for what is proxied and for what is answered here ({@link GuardFilter}).
 */
@NullMarked
package dev.slipway.gateway.door;

import org.jspecify.annotations.NullMarked;
