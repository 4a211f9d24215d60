/**
 * Defaults that all services share, below everything that a user sets.
 */
@NullMarked
package dev.slipway.kit.config;

import org.jspecify.annotations.NullMarked;
