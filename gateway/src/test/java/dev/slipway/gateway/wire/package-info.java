/** One request and its answer on a client's connection. */
@NullMarked
package dev.slipway.gateway.wire;

import org.jspecify.annotations.NullMarked;
