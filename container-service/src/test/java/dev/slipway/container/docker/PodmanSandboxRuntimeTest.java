package dev.slipway.container.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.runtime.SandboxRuntimeContract;
import dev.slipway.container.testing.EngineUnderTest;
import dev.slipway.container.testing.PrivateEngine;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract, on a Podman of its own, wherever that can start containers. */
@NullMarked
@Tag("engine")
class PodmanSandboxRuntimeTest extends SandboxRuntimeContract {
    private static @Nullable PrivateEngine podman;

    @BeforeAll
    static void startPodman() throws IOException {
        assumeTrue(
                PrivateEngine.canRun("podman"),
                "the contract is not run on Podman: it needs root, and the program podman");
        try {
            podman = PrivateEngine.podman();
        } catch (PrivateEngine.CannotStartContainers e) {
            assumeTrue(false, "the contract is not run on Podman, which starts no container here: " + e.getMessage());
        }
    }

    @AfterAll
    static void stopPodman() throws Exception {
        if (podman != null) {
            podman.close();
        }
    }

    @Override
    protected EngineUnderTest engine() {
        return podman().engine();
    }

    @Override
    protected SandboxRuntime connect(String home) {
        return new DockerSandboxRuntime(new DockerSettings("podman", podman().address(), "runc"), home);
    }

    /** Podman's own seccomp profile allows user namespaces, in which a process without capabilities has none outside either. */
    @Override
    protected List<String> knownGaps() {
        return List.of("makes user namespaces");
    }

    @Override
    protected boolean tellsOfMemory() {
        return false; // Podman 4 with runc: exit code 137 is all
    }

    @Override
    protected boolean changesBounds() {
        return false; // Podman 4's Docker API has no such call; sessions then get a sandbox of their own
    }

    private static PrivateEngine podman() {
        return java.util.Objects.requireNonNull(podman);
    }
}
