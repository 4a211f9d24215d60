package dev.slipway.container.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * What has become of a wish. Each new wish begins at the first column.
 *
 * <pre>
 * wanted running:  Preparing → Ready → Stopped (idle, shutdown)
 *                  Preparing, Ready → Failed
 * wanted stopped:  Stopping → Stopped (wanted)
 * wanted removed:  Removing → Removed
 * </pre>
 */
public sealed interface SandboxState {
    /** Its name in the table and in answers. */
    String word();

    /** Whether nothing more is to be done for this wish. */
    default boolean isSettled() {
        return switch (this) {
            case Preparing _, Stopping _, Removing _ -> false;
            case Ready _, Stopped _, Failed _, Removed _ -> true;
        };
    }

    /** On the way to ready. */
    record Preparing(
            @Nullable String phase,
            @Nullable Integer progress,
            @Nullable String message) implements SandboxState {
        @Override
        public String word() {
            return "preparing";
        }
    }

    /** The agent takes turns. */
    record Ready(String containerId, String image, String imageDigest) implements SandboxState {
        @Override
        public String word() {
            return "ready";
        }
    }

    /** On the way to stopped. */
    record Stopping() implements SandboxState {
        @Override
        public String word() {
            return "stopping";
        }
    }

    /** No process runs, the volume is kept; {@code reason} is {@code wanted}, {@code idle} or {@code shutdown}. */
    record Stopped(String reason) implements SandboxState {
        @Override
        public String word() {
            return "stopped";
        }
    }

    /** It could not be made, or died; {@code reason} is a sentence for the user. */
    record Failed(String reason, @Nullable Integer exitCode, boolean outOfMemory) implements SandboxState {
        @Override
        public String word() {
            return "failed";
        }
    }

    /** On the way to removed. */
    record Removing() implements SandboxState {
        @Override
        public String word() {
            return "removing";
        }
    }

    /** Nothing of it is left. */
    record Removed() implements SandboxState {
        @Override
        public String word() {
            return "removed";
        }
    }
}
