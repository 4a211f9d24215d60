/**
 * Which sessions have a door, and what each may reach.
 *
 * <p>Start at {@link SessionController}. {@link SessionService} keeps sessions in the database and doors in step with it; {@link
 * DoorKeeper} opens all of them again after a restart.
 */
@NullMarked
package dev.slipway.mitm.session;

import org.jspecify.annotations.NullMarked;
