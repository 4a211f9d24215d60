/**
 * What users say and see. {@link ChatController} takes messages and shows turns; {@link ChatService} stores a message and its
 * turn before it is acknowledged; {@link TurnFeeds} brings a turn's stored chunks to any number of viewers, each at its own
 * pace, on any replica. A viewer that leaves ends nothing but its own view.
 */
@NullMarked
package dev.slipway.session.chat;

import org.jspecify.annotations.NullMarked;
