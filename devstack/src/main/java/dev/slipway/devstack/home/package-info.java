/**
 * What is kept on disk under {@code SLIPWAY_HOME}, and who may read it: the keys, the ports that were chosen, the state of
 * the running stack. Start at {@link dev.slipway.devstack.home.SlipwayHome}.
 */
@NullMarked
package dev.slipway.devstack.home;

import org.jspecify.annotations.NullMarked;
