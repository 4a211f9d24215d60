/**
 * A real Kafka broker (KRaft, one node) in this process: {@link dev.slipway.devstack.kafka.KafkaBroker}.
 *
 * <p>It keeps its log in one folder. What it has acknowledged survives the end of the process at any moment; it is forced
 * to the disk once a second, so a power failure may take the last second of events with it.
 */
@NullMarked
package dev.slipway.devstack.kafka;

import org.jspecify.annotations.NullMarked;
