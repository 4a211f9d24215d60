/**
 * Lists in pages: a limit and an opaque cursor.
 */
@NullMarked
package dev.slipway.kit.paging;

import org.jspecify.annotations.NullMarked;
