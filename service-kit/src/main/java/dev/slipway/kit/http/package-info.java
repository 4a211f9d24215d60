/**
 * Calls to the other services, signed and with a deadline.
 */
@NullMarked
package dev.slipway.kit.http;

import org.jspecify.annotations.NullMarked;
