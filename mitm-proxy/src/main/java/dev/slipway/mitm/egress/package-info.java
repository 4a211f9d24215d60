/**
 * What the data path recorded: stored, published, told as events, and shown to users.
 *
 * <p>{@link EgressWriter} empties the queue; {@link EgressController} answers questions and takes the one-click allow. Records go to
 * their topic by a producer of their own and not through the outbox: they are many, and a lost one changes no state.
 */
@NullMarked
package dev.slipway.mitm.egress;

import org.jspecify.annotations.NullMarked;
