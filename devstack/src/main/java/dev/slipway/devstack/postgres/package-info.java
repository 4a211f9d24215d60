/**
 * A real Postgres from Maven artifacts, and what the services own in it.
 *
 * <p>{@link dev.slipway.devstack.postgres.PostgresServer} unpacks, initialises, starts and stops it. Unlike a server for
 * tests it writes what it commits to the disk ({@code fsync} and {@code synchronous_commit} are on) and asks for a
 * password. {@link dev.slipway.devstack.postgres.ServiceSchemas} gives each service a role that owns one schema and sees no
 * other; that works as well on a server that exists ({@link dev.slipway.devstack.postgres.DatabaseAddress}).
 */
@NullMarked
package dev.slipway.devstack.postgres;

import org.jspecify.annotations.NullMarked;
