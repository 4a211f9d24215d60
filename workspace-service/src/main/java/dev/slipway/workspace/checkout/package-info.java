/**
 * Sessions' branches: made when a session is wanted, moved by what its sandbox pushes, removed with the session.
 *
 * <p>{@link SessionRequestedHandler} and {@link SessionRemovedHandler} write rows and jobs; {@link PrepareJob} and
 * {@link ReleaseJob} do the work in the cache; {@link Checkouts} is the table. A branch's place is
 * {@link dev.slipway.workspace.git.Cache#branchOf}: the reference itself is the truth, the row follows it.
 */
@NullMarked
package dev.slipway.workspace.checkout;

import org.jspecify.annotations.NullMarked;
