package dev.slipway.container.reconcile;

import dev.slipway.container.runtime.PullProgress;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxRuntime;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;

/** Which image a sandbox runs. Slipway's own are built on this machine and in no registry; others are fetched when missing. */
@Singleton
public class Images {
    private static final String OWN = "slipway/";

    private final SandboxRuntime runtime;

    Images(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    /** The image if it is on the engine. */
    public Optional<SandboxImage> find(String reference) {
        return runtime.image(reference);
    }

    /** What to do about an image that is missing. */
    public static String advice(String reference) {
        return isOwn(reference)
                ? "The sandbox image " + reference + " is not on this machine. Build it with: ./slipway image build"
                : "The sandbox image " + reference + " is not on this machine. It is fetched when a session needs it.";
    }

    /**
     * The image, fetched if need be.
     *
     * @throws SandboxFailure.ImageUnavailable if it cannot be had; the message says what to do
     */
    SandboxImage need(String reference, Consumer<PullProgress> progress) {
        Optional<SandboxImage> present = runtime.image(reference);
        if (present.isPresent()) {
            return present.get();
        }
        if (isOwn(reference)) {
            throw new SandboxFailure.ImageUnavailable(advice(reference), null);
        }
        return runtime.pull(reference, progress);
    }

    /**
     * The image as its registry has it now, or, of Slipway's own, as it lies here.
     *
     * @throws SandboxFailure.ImageUnavailable if it cannot be had; the message says what to do
     */
    public SandboxImage fetch(String reference) {
        return isOwn(reference) ? need(reference, _ -> {}) : runtime.pull(reference, _ -> {});
    }

    private static boolean isOwn(String reference) {
        return reference.startsWith(OWN) || reference.startsWith("localhost/" + OWN);
    }
}
