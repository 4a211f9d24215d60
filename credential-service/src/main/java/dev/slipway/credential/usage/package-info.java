/**
 * How much each credential is used, and by which sessions: {@link EgressConsumer} reads the egress log in batches, {@link
 * UseStore} counts each record once, {@link UsesController} shows it.
 */
@NullMarked
package dev.slipway.credential.usage;

import org.jspecify.annotations.NullMarked;
