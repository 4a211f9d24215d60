package dev.slipway.container.engine;

import dev.slipway.container.agent.ReadySandboxes;
import dev.slipway.container.image.OutdatedImages;
import dev.slipway.container.image.SessionImage;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.reconcile.Images;
import dev.slipway.container.reconcile.SandboxSettings;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which images there are, and what each session runs. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal")
class ImageController {
    private final ReadySandboxes sandboxes;
    private final OutdatedImages outdated;
    private final Images images;
    private final SandboxSettings settings;

    ImageController(ReadySandboxes sandboxes, OutdatedImages outdated, Images images, SandboxSettings settings) {
        this.sandboxes = sandboxes;
        this.outdated = outdated;
        this.images = images;
        this.settings = settings;
    }

    @Get("/projects/{project}/sessions/{session}/image")
    SessionImage show(String project, String session, Caller caller) {
        caller.require(Role.MEMBER);
        WantedSandbox sandbox = sandboxes.any(project, session);
        String used = sandbox.image();
        String name = used == null ? settings.image() : used;
        return engine(() -> outdated.of(sandbox, name, images.find(name).orElse(null)));
    }

    @Get("/images")
    ImageList list(Caller caller) {
        caller.require(Role.SYSTEM);
        return engine(() -> new ImageList(List.of(describe(settings.image()))));
    }

    /** Fetches an image; one of Slipway's own is built instead, and the answer says how. */
    @Post("/images/pull")
    EngineImage pull(Caller caller, @Body ImageName wanted) {
        caller.require(Role.SYSTEM);
        String name = wanted.image() == null ? settings.image() : wanted.image();
        try {
            SandboxImage image = images.fetch(name);
            return new EngineImage(name, true, image.id(), null);
        } catch (SandboxFailure.ImageUnavailable e) {
            throw ProblemException.unprocessable("image", String.valueOf(e.getMessage()));
        } catch (SandboxFailure e) {
            throw unavailable(e);
        }
    }

    /**
     * Looks at once, and lists the sessions whose sandbox runs an older image than its name stands for now: of one project, or of all.
     */
    @Post("/images/refresh")
    Refreshed refresh(
            Caller caller,
            @QueryValue(defaultValue = "true") boolean outdatedOnly,
            @Nullable @QueryValue String project) {
        caller.require(Role.SYSTEM);
        return engine(() -> new Refreshed(outdated.look(project, outdatedOnly)));
    }

    private EngineImage describe(String name) {
        return images.find(name)
                .map(found -> new EngineImage(name, true, found.id(), null))
                .orElseGet(() -> new EngineImage(name, false, null, Images.advice(name)));
    }

    private static <T> T engine(java.util.function.Supplier<T> question) {
        try {
            return question.get();
        } catch (SandboxFailure e) {
            throw unavailable(e);
        }
    }

    private static ProblemException unavailable(SandboxFailure reason) {
        return reason.mayPass()
                ? ProblemException.starting(String.valueOf(reason.getMessage()), Duration.ofSeconds(5))
                : ProblemException.of(HttpStatus.BAD_GATEWAY, "bad-gateway", String.valueOf(reason.getMessage()));
    }

    /** An image's name; null for the one that sessions run by default. */
    @Serdeable
    record ImageName(@Nullable String image) {}

    /** All images that sandboxes need. */
    @Serdeable
    record ImageList(List<EngineImage> images) {}

    /** What was found. */
    @Serdeable
    record Refreshed(List<SessionImage> sessions) {}
}
