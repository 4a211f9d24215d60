/**
 * What agents offer: commands, modes, models, ways to think. Agents say so when they start and whenever it changes;
 * {@link OfferKeeper} takes it from the journal and {@link OfferController} shows it, with the sandbox running or not.
 */
@NullMarked
package dev.slipway.session.offer;

import org.jspecify.annotations.NullMarked;
