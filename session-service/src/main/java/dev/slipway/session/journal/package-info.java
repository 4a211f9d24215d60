/**
 * How the agent's words get here. For each session with a live sandbox one {@link Follower} in the whole deployment, by a
 * lease, reads the supervisor's journal from the last entry that we have; {@link JournalKeeper} stores what comes, before
 * anybody sees it, together with all that follows from it. A follower that dies at any moment loses nothing: the next goes
 * on from the last stored entry.
 */
@NullMarked
package dev.slipway.session.journal;

import org.jspecify.annotations.NullMarked;
