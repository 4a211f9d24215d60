/**
 * Errors as RFC 9457 problem details, whatever threw them.
 */
@NullMarked
package dev.slipway.kit.problem;

import org.jspecify.annotations.NullMarked;
