package dev.slipway.container.engine;

import dev.slipway.container.docker.DockerSandboxRuntime;
import dev.slipway.container.docker.DockerSettings;
import dev.slipway.container.runtime.Adoptions;
import dev.slipway.container.runtime.SandboxRuntime;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;

/** The engine that sandboxes run on. */
@Factory
final class Engines {
    @Singleton
    @Bean(preDestroy = "close", typed = SandboxRuntime.class)
    DockerSandboxRuntime runtime(DockerSettings settings, @Value("${slipway.home}") String home, Adoptions adoptions) {
        return new DockerSandboxRuntime(settings, home, adoptions);
    }
}
