package dev.slipway.container.engine;

import dev.slipway.container.reconcile.Images;
import dev.slipway.container.reconcile.SandboxSettings;
import dev.slipway.container.runtime.EngineInfo;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/** What {@code /api/status} says of the engine. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/engine")
class EngineController {
    private final SandboxRuntime runtime;
    private final Images images;
    private final SandboxSettings settings;

    EngineController(SandboxRuntime runtime, Images images, SandboxSettings settings) {
        this.runtime = runtime;
        this.images = images;
        this.settings = settings;
    }

    @Get
    EngineView show(Caller caller) {
        caller.require(Role.SYSTEM);
        try {
            EngineInfo engine = runtime.engine();
            return new EngineView(engine.kind(), engine.version(), null, List.of(image()));
        } catch (SandboxFailure e) {
            return new EngineView("none", null, e.getMessage(), List.of());
        }
    }

    private EngineView.Image image() {
        String name = settings.image();
        return images.find(name)
                .map(found -> new EngineView.Image(name, true, found.id(), null))
                .orElseGet(() -> new EngineView.Image(name, false, null, Images.advice(name)));
    }
}
