/**
 * What came of a session, and its way back into the workspace.
 *
 * <p>{@link SessionResultController} shows what can be asked. {@link ApplyService} brings a session's work into the workspace as
 * one commit: trees are joined in the cache, where nothing can be broken, and only what joined cleanly moves the workspace.
 * {@link MergeService} does the same with a branch, {@link RebaseService} brings the session up to the workspace.
 * {@link Selection} makes the tree that has just the chosen files and hunks.
 */
@NullMarked
package dev.slipway.workspace.result;

import org.jspecify.annotations.NullMarked;
