package dev.slipway.container.image;

import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxRuntime;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares what sandboxes run with what their images' names stand for now, and tells each change once. */
@Singleton
public class OutdatedImages {
    private static final int PAGE = 500;

    private final SandboxStore store;
    private final SandboxLifecycle lifecycle;
    private final SandboxRuntime runtime;

    OutdatedImages(SandboxStore store, SandboxLifecycle lifecycle, SandboxRuntime runtime) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
    }

    /** One pass over the sandboxes of a project, or of all, that are not removed. */
    public List<SessionImage> look(@Nullable String projectId, boolean outdatedOnly) {
        Map<String, Optional<SandboxImage>> newest = new HashMap<>();
        List<SessionImage> found = new ArrayList<>();
        String after = "";
        List<WantedSandbox> page;
        do {
            page = projectId == null ? store.findLive(after, PAGE) : store.findLive(projectId, after, PAGE);
            for (WantedSandbox sandbox : page) {
                String name = sandbox.image();
                if (name != null && sandbox.imageDigest() != null) {
                    SessionImage image = compare(
                            sandbox,
                            name,
                            newest.computeIfAbsent(name, runtime::image).orElse(null));
                    if (image.outdated() || !outdatedOnly) {
                        found.add(image);
                    }
                }
            }
            after = page.isEmpty() ? after : page.getLast().sessionId();
        } while (page.size() == PAGE);
        return found;
    }

    /** One pass, for its events. */
    public void tell() {
        look(null, true);
    }

    private SessionImage compare(WantedSandbox sandbox, String name, @Nullable SandboxImage present) {
        SessionImage image = of(sandbox, name, present);
        String newer = image.outdated() ? image.newest() : null;
        if (sandbox.state() instanceof SandboxState.Ready && !Objects.equals(newer, sandbox.newestImage())) {
            lifecycle.imageOutdated(sandbox, newer);
        }
        return image;
    }

    /** What one sandbox runs, and what it would run if it were made now. */
    public SessionImage of(WantedSandbox sandbox, String name, @Nullable SandboxImage present) {
        String digest = sandbox.imageDigest();
        String newest = present == null ? null : present.id();
        return new SessionImage(
                sandbox.projectId(),
                sandbox.sessionId(),
                name,
                digest,
                newest,
                digest != null && newest != null && !digest.equals(newest));
    }
}
