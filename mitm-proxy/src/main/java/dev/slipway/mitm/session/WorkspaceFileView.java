package dev.slipway.mitm.session;

import dev.slipway.mitm.config.AllowList;
import dev.slipway.mitm.config.HeaderRule;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workspace's own proxy file and what became of it.
 *
 * @param sha256 of the text; what an admin approves
 * @param approved whether its hosts are further ones and its headers are set; else its hosts narrow and its headers are ignored
 * @param allowlist null if the file has none
 * @param ignored keys that only the operator can set
 */
@Serdeable
record WorkspaceFileView(
        String sha256,
        boolean approved,
        @Nullable AllowList allowlist,
        Map<String, HeaderRule> headers,
        List<String> ignored) {}
