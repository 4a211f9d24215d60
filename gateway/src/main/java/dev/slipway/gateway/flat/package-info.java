/**
 * Paths that name no project, as the systems have them that this API descends from. What one of them needs of several services
 * is put together here; what one service answers alone goes through the proxy ({@code door.FlatPaths}).
 */
@NullMarked
package dev.slipway.gateway.flat;

import org.jspecify.annotations.NullMarked;
