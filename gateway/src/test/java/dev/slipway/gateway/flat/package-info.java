/** Paths that name no project. */
@NullMarked
package dev.slipway.gateway.flat;

import org.jspecify.annotations.NullMarked;
