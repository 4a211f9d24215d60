/**
 * Whether a stored credential works: one cheap real call at its provider. Only hosts of the catalogue and those that the
 * operator lists are called, since a user's own host could be any address that this service reaches.
 */
@NullMarked
package dev.slipway.credential.probe;

import org.jspecify.annotations.NullMarked;
