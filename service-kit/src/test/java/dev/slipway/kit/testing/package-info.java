/** Real servers for tests: one embedded Postgres and one Kafka broker per JVM, a fresh database per test class. */
@NullMarked
package dev.slipway.kit.testing;

import org.jspecify.annotations.NullMarked;
