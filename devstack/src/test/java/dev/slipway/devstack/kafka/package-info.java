/** A real embedded broker. */
@NullMarked
package dev.slipway.devstack.kafka;

import org.jspecify.annotations.NullMarked;
