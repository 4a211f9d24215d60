/**
 * Identifiers that are made here, and the shape of those that clients choose.
 */
@NullMarked
package dev.slipway.kit.id;

import org.jspecify.annotations.NullMarked;
