/**
 * What may be a workspace: {@link RemoteUrl} says which addresses may be cloned, {@link LocalFolders} which folders of this
 * machine may be used, {@link HostPolicy} which hosts are none of a user's business.
 */
@NullMarked
package dev.slipway.workspace.source;

import org.jspecify.annotations.NullMarked;
