/**
 * Where each kind of secret goes.
 *
 * <p>{@link Provider} is the catalogue. A provider and a {@link Target} give {@link InjectionPoint}s, and each point is one
 * rule of the proxy.
 */
@NullMarked
package dev.slipway.credential.provider;

import org.jspecify.annotations.NullMarked;
