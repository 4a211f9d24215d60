/**
 * How git reaches a remote, and with whose key.
 *
 * <p>{@link RemoteAccess} opens a {@link Passage} for one {@link Errand}: for https the door of mitm-proxy, which puts the
 * credential on the requests; for ssh an agent of ours ({@link SshAgent}), whose signatures credential-service makes. No key is
 * ever in this process, on a command line or on disk. A passage is closed when the errand is done, and what it opened with it.
 */
@NullMarked
package dev.slipway.workspace.access;

import org.jspecify.annotations.NullMarked;
