/**
 * Differences between two states of the code, in the shape that clients know: {@link Diffs} reads them from git, a list of files
 * first and the patches as far as they fit.
 */
@NullMarked
package dev.slipway.workspace.diff;

import org.jspecify.annotations.NullMarked;
