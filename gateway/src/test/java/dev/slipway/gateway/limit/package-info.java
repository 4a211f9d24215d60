/** Tests of the package of the same name. */
@NullMarked
package dev.slipway.gateway.limit;

import org.jspecify.annotations.NullMarked;
