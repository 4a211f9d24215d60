/**
 * Git on a workspace, in the shapes that the originals' clients know.
 *
 * <p>{@link GitController} is the list of what can be asked; {@link WorkTreeReading} answers, {@link WorkTreeWriting} changes, one
 * writer at a time for each folder, {@link WorkTreeFiles} reads and writes files without leaving the folder. What a caller names
 * arrives as a {@link dev.slipway.workspace.git.Revision} or {@link dev.slipway.workspace.git.TreePath}, or not at all.
 */
@NullMarked
package dev.slipway.workspace.operations;

import org.jspecify.annotations.NullMarked;
