/**
 * A name that one process holds for a while, by the database's clock.
 */
@NullMarked
package dev.slipway.kit.lease;

import org.jspecify.annotations.NullMarked;
