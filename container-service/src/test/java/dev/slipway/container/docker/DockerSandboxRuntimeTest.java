package dev.slipway.container.docker;

import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.runtime.SandboxRuntimeContract;
import dev.slipway.container.testing.EngineUnderTest;
import dev.slipway.container.testing.TestEngine;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;

/** The contract, on the Docker that answers here. */
@NullMarked
@Tag("engine")
class DockerSandboxRuntimeTest extends SandboxRuntimeContract {
    @Override
    protected EngineUnderTest engine() {
        return TestEngine.shared();
    }

    @Override
    protected SandboxRuntime connect(String home) {
        return new DockerSandboxRuntime(new DockerSettings("docker", "", "runc"), home);
    }
}
