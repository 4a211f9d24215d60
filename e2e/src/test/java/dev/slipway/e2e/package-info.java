/**
 * The suite as a user meets it: through {@code ./slipway} and the gateway's public API, with real containers, real agents,
 * real git, and a scripted model server behind the product's own proxy. One story per test class.
 *
 * <p>Start at {@link MainJob}.
 */
@NullMarked
package dev.slipway.e2e;

import org.jspecify.annotations.NullMarked;
