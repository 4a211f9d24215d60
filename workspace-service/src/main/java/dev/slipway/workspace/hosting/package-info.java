/**
 * Sites that host repositories, and the pull requests on them.
 *
 * <p>Start at {@link Hosting}: it finds the {@link GitProvider} of a remote and calls it through the egress door
 * ({@link DoorClient}), which puts the credential on the requests. A new kind of site is one more {@link GitProvider} bean.
 */
@NullMarked
package dev.slipway.workspace.hosting;

import org.jspecify.annotations.NullMarked;
