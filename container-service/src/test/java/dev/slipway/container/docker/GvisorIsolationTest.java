package dev.slipway.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxRequest;
import dev.slipway.container.testing.PrivateEngine;
import dev.slipway.container.testing.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes with a kernel of their own, where somebody chose that. */
@NullMarked
@Tag("engine")
class GvisorIsolationTest {
    private final String home = "test-" + UUID.randomUUID();

    @TempDir
    Path host;

    @Test
    void aSandboxRunsOnGvisorsKernel() throws Exception {
        assumeTrue(
                PrivateEngine.canRun("dockerd") && PrivateEngine.canRun("runsc"),
                "nothing is run on gVisor: it needs root, and the programs dockerd and runsc");
        // Loopback is all that a sandbox has; older releases otherwise mistake the empty network of one for the host's.
        String runsc = "{\"runsc\":{\"path\":\"runsc\",\"runtimeArgs\":[\"--network=none\"]}}";
        try (PrivateEngine docker = PrivateEngine.docker(runsc)) {
            docker.engine();
            try (DockerSandboxRuntime runtime =
                    new DockerSandboxRuntime(new DockerSettings("docker", docker.address(), "gvisor"), home)) {
                Sandbox sandbox = runtime.ensure(
                        request(
                                runtime,
                                "dmesg | grep -c gVisor; id -u; (echo x > /etc/x) 2>/dev/null || echo refused; echo y > /data/y && echo kept"));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !runtime.inspect("s1").orElseThrow().isRunning());

                assertThat(runtime.logTail(sandbox.containerId(), 20)).isEqualTo("1\n1000\nrefused\nkept");
            }
        }
    }

    @Test
    void anEngineThatDoesNotKnowItSaysSo() throws IOException {
        assumeTrue(!TestEngine.docker().infoCmd().exec().toString().contains("runsc"), "this engine knows gVisor");
        try (DockerSandboxRuntime runtime =
                new DockerSandboxRuntime(new DockerSettings("docker", "", "gvisor"), home)) {
            SandboxRequest request = request(runtime, "true");

            assertThatThrownBy(() -> runtime.ensure(request))
                    .isInstanceOf(SandboxFailure.class)
                    .hasMessageContaining("runsc");
        } finally {
            TestEngine.clean(home);
        }
    }

    private SandboxRequest request(DockerSandboxRuntime runtime, String command) throws IOException {
        for (String directory : List.of("egress", "agent", "ca")) {
            Files.createDirectory(host.resolve(directory));
        }
        return new SandboxRequest(
                "s1",
                "p1",
                1,
                runtime.image(TestEngine.image()).orElseThrow().id(),
                new SandboxBounds(1, 256L * 1024 * 1024, 128, 1024, 16L * 1024 * 1024),
                Map.of(),
                new SandboxRequest.Mounts(host.resolve("egress"), host.resolve("agent"), host.resolve("ca")),
                List.of("/bin/sh", "-c", command));
    }
}
