/**
 * TLS between the services, where it is switched on ({@code slipway.internal.tls}): every service shows a certificate to every other
 * one, as server and as client, and takes nobody's word who has none of the installation's own authority. It stands beside the
 * signed identity on each call and does not replace it.
 *
 * <p>Start at {@link dev.slipway.kit.tls.InternalTls}.
 */
@NullMarked
package dev.slipway.kit.tls;

import org.jspecify.annotations.NullMarked;
