package dev.slipway.container.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A container engine, as far as this service needs one. Every call has a deadline, may be repeated, and fails with a
 * {@link SandboxFailure}. Only what carries the labels of this Slipway is ever seen or touched.
 *
 * <p>A sandbox that was made ahead has an id of its own in the place of a session's, until {@link Adoptions} tells whose it is; from
 * then on it is the session's in every call here.
 */
public interface SandboxRuntime {
    /** Which engine this is. */
    EngineInfo engine();

    /**
     * Makes and starts the sandbox. One of the same generation is kept as it is, whether it runs or has exited; one of a
     * lower generation is replaced, its volume kept.
     *
     * @throws SandboxFailure.Fenced if one of a higher generation is there
     */
    Sandbox ensure(SandboxRequest request);

    /**
     * Sets what a running sandbox may use from now on: processors, memory, processes. File handles and the size of {@code /tmp}
     * stay as they were made.
     *
     * @throws SandboxFailure.NotFound if there is no such container
     */
    void bound(String containerId, SandboxBounds bounds);

    /** The session's sandbox; empty if the engine answers that there is none. */
    Optional<Sandbox> inspect(String sessionId);

    /** All sandboxes of this Slipway, running or not. */
    List<Sandbox> list();

    /**
     * Ends the sandbox's processes, politely first. One that is not there or of a higher generation is left alone.
     *
     * @param grace between asking and forcing
     */
    void stop(String sessionId, long generation, Duration grace);

    /** Removes the sandbox and its volume. One that is not there or of a higher generation is left alone. */
    void remove(String sessionId, long generation);

    /** Removes what a crash left of this Slipway that never was a sandbox, as from {@link #readFile}, and is older than {@code before}. */
    void removeStrays(Instant before);

    /** Sessions that have a volume of this Slipway, with or without a sandbox. */
    List<String> volumes();

    /** What the sandbox has used. */
    SandboxUsage usage(String containerId);

    /** What the sandbox wrote last to its standard output and error. */
    String logTail(String containerId, int lines);

    /** The image, if it is here. */
    Optional<SandboxImage> image(String reference);

    /**
     * Fetches an image from its registry.
     *
     * @throws SandboxFailure.ImageUnavailable if the registry does not give it
     */
    SandboxImage pull(String reference, Consumer<PullProgress> progress);

    /** A file of an image, up to a mebibyte; empty if the image has none there. No code of the image runs. */
    Optional<byte[]> readFile(SandboxImage image, String path);

    /**
     * Calls {@code changed} with a session's id when its sandbox seems to have ended. A hint and never the truth: events may
     * be lost, late or doubled. Closing the answer ends it.
     */
    AutoCloseable watch(Consumer<String> changed);
}
