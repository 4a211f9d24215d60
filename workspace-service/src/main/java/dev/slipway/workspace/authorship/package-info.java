/**
 * Whose commits are whose, and how their messages look: {@link Authorship} keeps what users and workspaces wish,
 * {@link CommitStyle} makes a message of it.
 */
@NullMarked
package dev.slipway.workspace.authorship;

import org.jspecify.annotations.NullMarked;
