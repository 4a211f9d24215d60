package dev.slipway.session.lifecycle;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is in its life. Each state offers only the steps that may follow it.
 *
 * <pre>
 * Preparing(step) → Ready ⇄ Running(turn)      Ready, Running, Preparing → Stopped
 * Stopped, Failed, Ready → Preparing           any → Failed          any → Removing → Removed
 * </pre>
 */
public sealed interface SessionState {
    /** The status on the wire. */
    String status();

    /** The sandbox is on its way. */
    record Preparing(Step step) implements SessionState, Stoppable {
        @Override
        public String status() {
            return step.status();
        }

        /** Progress; a report of an earlier step, which came late, changes nothing. */
        public Preparing reached(Step reported) {
            return reported.compareTo(step) > 0 ? new Preparing(reported) : this;
        }

        /** The agent takes turns. */
        public Ready sandboxReady() {
            return new Ready();
        }
    }

    /** The agent waits for a turn. */
    record Ready() implements SessionState, Stoppable, Wakeable {
        @Override
        public String status() {
            return "ready";
        }

        /** A turn goes to the agent. */
        public Running turnStarted(String turnId) {
            return new Running(turnId);
        }
    }

    /** The agent works on a turn. */
    record Running(String turnId) implements SessionState, Stoppable {
        @Override
        public String status() {
            return "running";
        }

        /** The turn came to its end. */
        public Ready turnEnded() {
            return new Ready();
        }
    }

    /** There is no container; files and conversation are kept. */
    record Stopped() implements SessionState, Wakeable {
        @Override
        public String status() {
            return "stopped";
        }
    }

    /** Something went wrong that a restart may mend. */
    record Failed(String reason) implements SessionState, Wakeable {
        @Override
        public String status() {
            return "error";
        }

        /** The sandbox was only late. */
        public Ready sandboxReady() {
            return new Ready();
        }
    }

    /** On its way out; nothing but the end follows. */
    record Removing() implements SessionState {
        @Override
        public String status() {
            return "removing";
        }

        /** All that belonged to it is gone. */
        public Removed removed() {
            return new Removed();
        }
    }

    /** Gone. */
    record Removed() implements SessionState {
        @Override
        public String status() {
            return "removed";
        }
    }

    /** A state with a sandbox that can be stopped. */
    sealed interface Stoppable permits Preparing, Ready, Running {
        /** The sandbox is stopped, or is about to be. */
        default Stopped stopped() {
            return new Stopped();
        }
    }

    /** A state from which a sandbox can be asked for. */
    sealed interface Wakeable permits Ready, Stopped, Failed {
        /** A sandbox is asked for again; the branch has to be made first if there is none yet. */
        default Preparing wakened(boolean branchExists) {
            return new Preparing(branchExists ? Step.CLONING : Step.INITIALIZING);
        }
    }

    /** Something went wrong. A session that is being removed does not care. */
    default SessionState failed(String reason) {
        return switch (this) {
            case Preparing _, Ready _, Running _, Stopped _, Failed _ -> new Failed(reason);
            case Removing _, Removed _ -> this;
        };
    }

    /** Somebody wants it gone, whatever it does. */
    default SessionState removing() {
        return switch (this) {
            case Preparing _, Ready _, Running _, Stopped _, Failed _, Removing _ -> new Removing();
            case Removed _ -> this;
        };
    }

    /** The state of a row. */
    static SessionState of(String status, @Nullable String runningTurn, @Nullable String errorMessage) {
        return switch (status) {
            case "ready" -> new Ready();
            case "running" -> new Running(required(runningTurn, status));
            case "stopped" -> new Stopped();
            case "error" -> new Failed(required(errorMessage, status));
            case "removing" -> new Removing();
            case "removed" -> new Removed();
            default -> new Preparing(Step.valueOf(status.toUpperCase(Locale.ROOT)));
        };
    }

    private static String required(@Nullable String value, String status) {
        if (value == null) {
            throw new IllegalArgumentException("session in status " + status + " without what belongs to it");
        }
        return value;
    }
}
