/**
 * What the operator sets, and how the data path is put together from it.
 *
 * <p>{@link EgressSettings} has the names and defaults; {@link DataPath} makes the parts.
 */
@NullMarked
package dev.slipway.mitm.settings;

import org.jspecify.annotations.NullMarked;
