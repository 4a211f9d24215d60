/**
 * The sockets: one per session, in the session's own folder, so that who connects is known by where.
 *
 * <p>{@link Doors} opens, keeps and closes them.
 */
@NullMarked
package dev.slipway.mitm.door;

import org.jspecify.annotations.NullMarked;
