/**
 * Everything, started by one command: Postgres, Kafka and every service, on this machine alone.
 *
 * <p>Start at {@link dev.slipway.devstack.Launcher}, which is the process that {@code ./slipway up} leaves running, and
 * {@link dev.slipway.devstack.Stack}, which starts the parts in order and stops them in the other order. {@code home} is
 * what is kept on disk, {@code postgres} and {@code kafka} are the two servers, {@code service} starts the services in
 * this process or in processes of their own.
 *
 * <p>Everything listens on the loopback interface only.
 */
@NullMarked
package dev.slipway.devstack;

import org.jspecify.annotations.NullMarked;
