/**
 * The change of the master key, and of data keys, while the service runs.
 *
 * <p>With several replicas, first give every one the new key among the previous keys, so that all can open what any of them
 * seals; then make it the current one and the old one a previous one. {@link Rewrapping} seals everything anew in the
 * background, with fresh data keys, {@link RewrapOnRead} what is read before its turn has come; once {@link RotationController} says that nothing remains, the old key can go.
 */
@NullMarked
package dev.slipway.credential.rotation;

import org.jspecify.annotations.NullMarked;
