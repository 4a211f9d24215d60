/** Stand-ins for the services that session-service meets: real HTTP and real Kafka, a scripted agent behind them. */
@NullMarked
package dev.slipway.session.testing;

import org.jspecify.annotations.NullMarked;
