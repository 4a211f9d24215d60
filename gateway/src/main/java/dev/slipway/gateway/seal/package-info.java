/**
 * Keys of the gateway's own, each for one purpose, derived from the key that all services share.
 */
@NullMarked
package dev.slipway.gateway.seal;

import org.jspecify.annotations.NullMarked;
