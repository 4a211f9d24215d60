/**
 * The workspaces of projects, from the wish for one to its removal.
 *
 * <p>{@link WorkspaceController} shows what comes in, {@link WorkspaceStatus} what a workspace can be; {@link WorkspaceService}
 * stores a wish and queues {@link CloneJob} or {@link RemovalJob}, which do the slow work and may be done again after a crash:
 * what they make is made beside its place and renamed when it is whole.
 */
@NullMarked
package dev.slipway.workspace.registry;

import org.jspecify.annotations.NullMarked;
