/**
 * What a project's sandboxes may use together. The gateway owns the numbers and tells them by event; here they are held: a
 * sandbox is promised its share before it is made, under a lock of its project, so that two at once cannot both have the last.
 *
 * <p>Start at {@link ProjectShares}.
 */
@NullMarked
package dev.slipway.container.limits;

import org.jspecify.annotations.NullMarked;
