package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.core.InvocationBuilder;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxUsage;
import java.io.IOException;

/** Asks the engine once what a container uses. */
final class UsageProbe {
    private static final double NANOS = 1e9;

    private UsageProbe() {}

    static SandboxUsage of(DockerClient docker, String containerId) {
        try (InvocationBuilder.AsyncResultCallback<Statistics> answer = new InvocationBuilder.AsyncResultCallback<>()) {
            docker.statsCmd(containerId).withNoStream(true).exec(answer);
            Statistics statistics = answer.awaitResult();
            Long cpu = statistics.getCpuStats().getCpuUsage() == null
                    ? null
                    : statistics.getCpuStats().getCpuUsage().getTotalUsage();
            Long memory = statistics.getMemoryStats().getUsage();
            return new SandboxUsage(cpu == null ? 0 : cpu / NANOS, memory == null ? 0 : memory);
        } catch (IOException e) {
            throw new SandboxFailure.Unavailable("The container engine broke off when asked for usage.", e);
        } catch (RuntimeException e) {
            throw EngineCalls.translate("tell what the sandbox uses", e);
        }
    }
}
