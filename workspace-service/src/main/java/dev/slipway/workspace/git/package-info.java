/**
 * The git executable, run so that it obeys us and nothing that lies in a repository.
 *
 * <p>Start at {@link Git}, which builds every command. {@link Revision}, {@link BranchName} and {@link TreePath} are what may be
 * named in one: values that are checked when they are made, so that a command cannot be given an option or a path outside in their
 * place. {@link WorkTree} is a folder that a user works in, {@link Cache} a bare repository of ours that sandboxes clone from,
 * and {@link RepositoryLocks} keeps two writers apart.
 */
@NullMarked
package dev.slipway.workspace.git;

import org.jspecify.annotations.NullMarked;
