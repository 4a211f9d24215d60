package dev.slipway.container.docker;

import dev.slipway.container.runtime.SandboxRequest;
import java.util.Map;

/** What marks containers and volumes as ours. The home tells this Slipway from another on the same engine. */
final class Labels {
    static final String SESSION = "dev.slipway.session";
    static final String PROJECT = "dev.slipway.project";
    static final String GENERATION = "dev.slipway.generation";
    static final String HOME = "dev.slipway.home";

    private Labels() {}

    static Map<String, String> ofContainer(SandboxRequest request, String home) {
        return Map.of(
                SESSION,
                request.sessionId(),
                PROJECT,
                request.projectId(),
                GENERATION,
                Long.toString(request.generation()),
                HOME,
                home);
    }

    /** A volume outlives generations, so it names none. */
    static Map<String, String> ofVolume(SandboxRequest request, String home) {
        return Map.of(SESSION, request.sessionId(), PROJECT, request.projectId(), HOME, home);
    }
}
