/**
 * What the administrators of an installation do: users ({@link UserAdministration}), invite codes ({@link InviteCodeAdministration})
 * and figures. Whoever is no administrator finds nothing here (404).
 */
@NullMarked
package dev.slipway.gateway.admin;

import org.jspecify.annotations.NullMarked;
