/**
 * What the gateway tells of the whole: which services answer, which engine runs, what is configured.
 */
@NullMarked
package dev.slipway.gateway.status;

import org.jspecify.annotations.NullMarked;
