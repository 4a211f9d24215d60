/** What the package of the same name promises. */
@org.jspecify.annotations.NullUnmarked
package dev.slipway.session.store;
