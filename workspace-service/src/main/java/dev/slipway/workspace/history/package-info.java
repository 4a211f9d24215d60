/**
 * What JGit does better than a new process: short looks into bare caches, which are open anyway. {@link History} walks commits
 * and reads files at a commit. Whatever touches a work tree or a remote is left to the git executable.
 */
@NullMarked
package dev.slipway.workspace.history;

import org.jspecify.annotations.NullMarked;
