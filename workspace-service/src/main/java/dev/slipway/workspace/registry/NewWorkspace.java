package dev.slipway.workspace.registry;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to make a workspace, or to ask whether it could.
 *
 * @param hostKey for ssh: the keys that the host may show, one {@code type base64} a line
 */
@Serdeable
public record NewWorkspace(
        @Nullable String path,
        @Nullable String sourceType,
        @Nullable String displayName,
        @Nullable String credentialId,
        @Nullable String hostKey,
        @Nullable Integer depth,
        @Nullable List<String> sparse,
        @Nullable Boolean submodules,
        @Nullable Boolean lfs) {}
