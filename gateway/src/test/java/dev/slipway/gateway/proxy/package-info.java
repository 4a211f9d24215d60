/** The proxy against real sockets. */
@NullMarked
package dev.slipway.gateway.proxy;

import org.jspecify.annotations.NullMarked;
