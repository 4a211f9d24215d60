package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.SandboxLimits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session that is checked and not yet stored; {@code name} is null until the first message names it. */
record Draft(
        String id,
        String projectId,
        String workspaceId,
        @Nullable String agentId,
        @Nullable String name,
        @Nullable String baseRef,
        @Nullable String image,
        @Nullable String model,
        @Nullable String mode,
        Map<String, String> env,
        SandboxLimits limits,
        @Nullable String permissions,
        @Nullable String forkedFrom,
        Session.Owner owner) {}
