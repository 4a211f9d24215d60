/** The gateway as its clients meet it. */
@NullMarked
package dev.slipway.gateway;

import org.jspecify.annotations.NullMarked;
