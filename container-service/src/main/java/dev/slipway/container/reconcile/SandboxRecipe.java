package dev.slipway.container.reconcile;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRequest;
import dev.slipway.container.warm.WarmRecipe;
import dev.slipway.contracts.session.SandboxLimits;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A sandbox as every session has it, without anything of a session. */
@Singleton
class SandboxRecipe implements WarmRecipe {
    /** To be raised with each change of what {@link #request} asks for: what was made ahead by another recipe is not given to sessions. */
    private static final int RECIPE = 2;

    private final Images images;
    private final SandboxSettings settings;
    private final SessionDirectories directories;
    private final String isolation;
    private final String version;

    SandboxRecipe(
            Images images,
            SandboxSettings settings,
            SessionDirectories directories,
            @Value("${slipway.engine.isolation:runc}") String isolation,
            @Value("${slipway.version:0.1.0}") String version) {
        this.images = images;
        this.settings = settings;
        this.directories = directories;
        this.isolation = isolation;
        this.version = version;
    }

    @Override
    public String image() {
        return settings.image();
    }

    @Override
    public SandboxBounds bounds() {
        return settings.bounds(SandboxLimits.DEFAULTS);
    }

    @Override
    public Optional<String> imageId(String image) {
        return images.find(image).map(SandboxImage::id);
    }

    @Override
    public String isolation() {
        return isolation;
    }

    @Override
    public String version() {
        return version + '-' + RECIPE;
    }

    @Override
    public SandboxRequest request(SandboxName name, String imageId, SandboxBounds bounds) {
        return new SandboxRequest(
                name.sessionId(),
                "",
                0,
                imageId,
                bounds,
                EgressEnvironment.with(Map.of()),
                new SandboxRequest.Mounts(
                        directories.egress(name), directories.agent(name), directories.authority(name)),
                List.of());
    }
}
