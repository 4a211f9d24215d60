package dev.slipway.workspace.registry;

import org.jspecify.annotations.Nullable;

/**
 * Where a workspace is in its life.
 *
 * <pre>Initializing → Cloning → Ready,  any → Failed → Cloning,  any → Removing</pre>
 */
public sealed interface WorkspaceStatus {
    /** Wanted, nothing done yet. */
    record Initializing() implements WorkspaceStatus {}

    /** Being fetched; {@code percent} 0 to 100. */
    record Cloning(int percent) implements WorkspaceStatus {}

    /** Usable. {@code branch} is null when a commit and no branch is checked out. */
    record Ready(String commit, @Nullable String branch) implements WorkspaceStatus {}

    /** Not usable; the message says what to do. */
    record Failed(String message) implements WorkspaceStatus {}

    /** Being removed. */
    record Removing() implements WorkspaceStatus {}

    /** The name on the wire and in the table. */
    default String wireName() {
        return switch (this) {
            case Initializing _ -> "initializing";
            case Cloning _ -> "cloning";
            case Ready _ -> "ready";
            case Failed _ -> "error";
            case Removing _ -> "removing";
        };
    }
}
