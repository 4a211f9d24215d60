/**
 * One log file per service, also where all of them run in one process:
 * {@link dev.slipway.devstack.log.ServiceDiscriminator} tells to whom a log line belongs.
 */
@NullMarked
package dev.slipway.devstack.log;

import org.jspecify.annotations.NullMarked;
