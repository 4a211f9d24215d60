/**
 * What is wanted of each sandbox, and what became of it.
 *
 * <p>{@link SandboxWantedHandler} takes the wish, {@link SandboxState} shows what can become of it, and
 * {@link SandboxLifecycle} writes each change together with its event. How it is brought about is in {@code reconcile}.
 */
@NullMarked
package dev.slipway.container.lifecycle;

import org.jspecify.annotations.NullMarked;
