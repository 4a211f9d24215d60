package dev.slipway.workspace.registry;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** What a client sends to make a workspace, or to ask whether it could. */
@Serdeable
public record NewWorkspace(
        @Nullable String path,
        @Nullable String sourceType,
        @Nullable String displayName,
        @Nullable String credentialId) {}
