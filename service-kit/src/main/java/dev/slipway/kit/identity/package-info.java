/**
 * Who calls an internal path: signed tokens between services, and the check that no path can skip.
 */
@NullMarked
package dev.slipway.kit.identity;

import org.jspecify.annotations.NullMarked;
