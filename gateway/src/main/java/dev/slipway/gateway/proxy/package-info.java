/**
 * Carries a request to a service and its answer back, as it comes, in both directions, with back-pressure. Start at {@link
 * UpstreamExchange}; {@link UpstreamPool} keeps the connections.
 */
@NullMarked
package dev.slipway.gateway.proxy;

import org.jspecify.annotations.NullMarked;
