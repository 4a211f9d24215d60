/**
 * workspace-service: the users' code, and how an agent's work gets into it.
 *
 * <p>It owns workspaces ({@code registry}), the branch of each session in a bare cache ({@code checkout}), the git server that
 * sandboxes clone from and push to ({@code transport}), the git operations on a workspace ({@code operations}) and the way of a
 * session's work back into the workspace ({@code result}). What may be a workspace at all is decided in {@code source}; how the
 * git executable is run, so that nothing in a user's repository is ever executed, is in {@code git}. Sessions themselves, and the
 * files in a running sandbox, belong to others.
 */
@NullMarked
package dev.slipway.workspace;

import org.jspecify.annotations.NullMarked;
