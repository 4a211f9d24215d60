package dev.slipway.container.docker;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * Which engine to use and how ({@code slipway.engine.*}).
 *
 * @param kind {@code auto}, {@code docker} or {@code podman}
 * @param host address of the engine, for example {@code unix:///var/run/docker.sock}; empty to look for one
 * @param isolation {@code runc} or {@code gvisor}; the latter needs the runtime {@code runsc} on the engine
 */
@ConfigurationProperties("slipway.engine")
public record DockerSettings(
        @Bindable(defaultValue = "auto") String kind,
        @Bindable(defaultValue = "") String host,
        @Bindable(defaultValue = "runc") String isolation) {
    public DockerSettings {
        if (!kind.equals("auto") && !kind.equals("docker") && !kind.equals("podman")) {
            throw new IllegalArgumentException("slipway.engine.kind: " + kind + " (expected: auto, docker or podman)");
        }
        if (!isolation.equals("runc") && !isolation.equals("gvisor")) {
            throw new IllegalArgumentException(
                    "slipway.engine.isolation: " + isolation + " (expected: runc or gvisor)");
        }
    }
}
