/**
 * How this service calls providers. Hosts come from the catalogue, from the operator or from an allowlist, never from a user
 * alone; {@link PublicAddresses} sees to it that none of them leads into the operator's own network, and {@link OutgoingHttp}
 * follows no redirect, repeats nothing, reads little and waits a limited time.
 */
@NullMarked
package dev.slipway.credential.outgoing;

import org.jspecify.annotations.NullMarked;
