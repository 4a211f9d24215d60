package dev.slipway.container.runtime;

import org.jspecify.annotations.Nullable;

/**
 * All that can go wrong with an engine. The message is a sentence that may be shown to users.
 *
 * <p>{@link #mayPass()} tells what is worth another try. None of these is proof that a sandbox is gone but
 * {@link NotFound}, which only an engine that answers gives.
 */
public abstract sealed class SandboxFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private SandboxFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the same call may succeed later without anybody changing anything. */
    public boolean mayPass() {
        return switch (this) {
            case Unavailable _, TimeoutUnknown _, Unschedulable _ -> true;
            case NotFound _, Fenced _, Conflict _, Invalid _, ImageUnavailable _, Quota _ -> false;
        };
    }

    /** The engine answers, and there is no such sandbox. */
    public static final class NotFound extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** There is no such thing. */
        public NotFound(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A newer generation has been here; whoever gets this must stop. */
    public static final class Fenced extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says which generation lost against which. */
        public Fenced(String message) {
            super(message, null);
        }
    }

    /** Something else has the name or is in the way. */
    public static final class Conflict extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says what is in the way. */
        public Conflict(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine refuses the request itself. */
    public static final class Invalid extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says what the engine refused. */
        public Invalid(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The image is not here and cannot be fetched. */
    public static final class ImageUnavailable extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says which image, and how to get it. */
        public ImageUnavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The host has no room left. */
    public static final class Quota extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says what is used up. */
        public Quota(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine took the sandbox and could not start it. */
    public static final class Unschedulable extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says what the engine said. */
        public Unschedulable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine does not answer, or answers that it cannot now. Nothing is known about sandboxes. */
    public static final class Unavailable extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says what was tried. */
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine did not answer in time; whether it did what was asked is unknown. */
    public static final class TimeoutUnknown extends SandboxFailure {
        private static final long serialVersionUID = 1L;

        /** Says what was asked. */
        public TimeoutUnknown(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
