/**
 * What left and what was refused, one record each, handed from the data path to whoever stores it.
 *
 * <p>{@link EgressLog} is a bounded queue: the data path never waits for it, and what does not fit is counted.
 */
@NullMarked
package dev.slipway.mitm.journal;

import org.jspecify.annotations.NullMarked;
