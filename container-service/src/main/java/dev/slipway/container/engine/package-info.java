/**
 * What the service says about the container engine and the images on it.
 */
@NullMarked
package dev.slipway.container.engine;

import org.jspecify.annotations.NullMarked;
