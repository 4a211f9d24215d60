package dev.slipway.container.docker;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.slipway.container.runtime.SandboxFailure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the engine and says in our terms what went wrong. */
final class EngineCalls {
    private EngineCalls() {}

    /** The answer; {@code what} says what was tried, as in "make the sandbox". */
    static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw translate(what, e);
        }
    }

    /** As {@link #call}; empty where the engine answers that there is no such thing. */
    static <T> Optional<T> find(String what, Supplier<T> call) {
        try {
            return Optional.of(call(what, call));
        } catch (SandboxFailure.NotFound _) {
            return Optional.empty();
        }
    }

    /** A change that may have been made already, or whose object may be gone already; both are fine. */
    static void settle(String what, Runnable call) {
        try {
            call.run();
        } catch (NotModifiedException | NotFoundException _) {
            return;
        } catch (RuntimeException e) {
            throw translate(what, e);
        }
    }

    static SandboxFailure translate(String what, RuntimeException thrown) {
        return switch (thrown) {
            case SandboxFailure failure -> failure;
            case NotFoundException e -> new SandboxFailure.NotFound(sentence(what, e), e);
            case ConflictException e -> new SandboxFailure.Conflict(sentence(what, e), e);
            case BadRequestException e -> new SandboxFailure.Invalid(sentence(what, e), e);
            case DockerException e -> byMessage(what, e);
            default -> byCause(what, thrown);
        };
    }

    /** Status 500 stands for nearly everything; the engine's words are all there is to go by. */
    private static SandboxFailure byMessage(String what, DockerException e) {
        String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (said.contains("no space left") || said.contains("quota exceeded")) {
            return new SandboxFailure.Quota(
                    "The container engine's disk is full: it could not " + what + ". Free some space, then try again.",
                    e);
        }
        if (said.contains("name is already in use") || said.contains("volume already exists")) {
            return new SandboxFailure.Conflict(sentence(what, e), e); // Podman's words for it; Docker has status 409
        }
        if (said.contains("oci runtime")
                || said.contains("oci permission")
                || said.contains("cannot allocate memory")
                || said.contains("range of cpus")) {
            return new SandboxFailure.Unschedulable(sentence(what, e), e);
        }
        return new SandboxFailure.Unavailable(sentence(what, e), e);
    }

    private static SandboxFailure byCause(String what, RuntimeException thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new SandboxFailure.TimeoutUnknown(
                        "The container engine did not answer in time when asked to " + what + ".", thrown);
            }
            if (cause instanceof IOException) {
                break;
            }
        }
        return new SandboxFailure.Unavailable(
                "The container engine does not answer: it could not " + what + ".", thrown);
    }

    private static String sentence(String what, DockerException e) {
        return "The container engine could not " + what + ": " + shorten(String.valueOf(e.getMessage()));
    }

    private static String shorten(String said) {
        String oneLine = said.replaceAll("\\s+", " ").strip();
        return oneLine.length() <= 300 ? oneLine : oneLine.substring(0, 300) + "…";
    }
}
