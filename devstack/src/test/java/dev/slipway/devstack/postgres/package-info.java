/** A real embedded Postgres and what the services own in it. */
@NullMarked
package dev.slipway.devstack.postgres;

import org.jspecify.annotations.NullMarked;
