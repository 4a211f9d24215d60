/**
 * What the operator and a workspace say about egress in a file.
 *
 * <p>{@link ConfigStore} keeps the operator's configuration: a YAML file that is watched, and changed through {@link ConfigController}. A
 * mistake in it changes nothing and is told with its place. {@link WorkspaceFile} is what a workspace's own {@code .slipway/proxy.yaml}
 * says: less than the session may do, or, once an admin approved exactly that text, more.
 */
@NullMarked
package dev.slipway.mitm.config;

import org.jspecify.annotations.NullMarked;
