/**
 * container-service: sandboxes and what happens to them.
 *
 * <p>What is wanted arrives as events and is kept as rows ({@code lifecycle}); {@code reconcile} brings it about, step by
 * step and again after any crash, on an engine that the service knows only as a {@code SandboxRuntime} ({@code runtime},
 * implemented in {@code docker}). {@code agent} is the way to the supervisor inside a sandbox. Sessions, turns and messages
 * belong to session-service, what may leave a sandbox to mitm-proxy.
 */
@NullMarked
package dev.slipway.container;

import org.jspecify.annotations.NullMarked;
