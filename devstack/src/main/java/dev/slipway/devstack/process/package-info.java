/** Programs that are started again when they end without being asked to. Start at {@link KeptProcess}. */
@NullMarked
package dev.slipway.devstack.process;

import org.jspecify.annotations.NullMarked;
