/**
 * What this service needs of a container engine, and nothing of how one is spoken to.
 *
 * <p>Start at {@link SandboxRuntime}; {@link SandboxFailure} lists all that can go wrong with it.
 */
@NullMarked
package dev.slipway.container.runtime;

import org.jspecify.annotations.NullMarked;
