/**
 * Brings sandboxes from what is to what is wanted, by steps that may be repeated at any time.
 *
 * <p>Start at {@link SandboxJob}, which decides, and {@link BringUp}, which makes a sandbox; {@link Sweep} compares wanted
 * and real again and again, whatever events were lost.
 */
@NullMarked
package dev.slipway.container.reconcile;

import org.jspecify.annotations.NullMarked;
