/**
 * credential-service owns the secrets that a project signs in with, and says to mitm-proxy alone on which requests each is
 * owed. It leaves the requests themselves to mitm-proxy; sandboxes see placeholders.
 *
 * <p>{@code store} is what users write and see, {@code vault} how a secret rests, {@code provider} where each kind of
 * secret goes, {@code rules} what the proxy is told; {@code probe} tries a secret at its provider, and {@code rotation}
 * changes the master key. {@code oauth} signs users in and gets the next tokens, {@code usage} counts from the egress log,
 * {@code signing} lends ssh keys without giving them away.
 */
@NullMarked
package dev.slipway.credential;

import org.jspecify.annotations.NullMarked;
