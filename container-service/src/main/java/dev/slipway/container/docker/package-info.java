/**
 * Sandboxes on Docker and Podman, which answers the same API.
 *
 * <p>{@link CreateRequests} is the security boundary: all that a container may and may not do stands in that one file.
 * {@link DockerSandboxRuntime} brings containers about, {@link EngineConnection} finds the engine.
 */
@NullMarked
package dev.slipway.container.docker;

import org.jspecify.annotations.NullMarked;
