/**
 * What the tests of workspace-service share: a running service with real Postgres, Kafka and git, and users, sandboxes and
 * repositories to play with.
 */
@NullMarked
package dev.slipway.workspace.testing;

import org.jspecify.annotations.NullMarked;
