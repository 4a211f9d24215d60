package dev.slipway.workspace.git;

import dev.slipway.kit.lease.Leases;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fencing number under which a thread works on a repository. Before each git command it is seen to that the lease still bears
 * it: whoever was stopped for longer than its lease (a suspended machine, a long pause) may wake up when another has the
 * repository, and must not touch it any more.
 */
final class Fence {
    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);
    private static final ThreadLocal<@Nullable Fence> CURRENT = new ThreadLocal<>();

    private final Leases leases;
    private final String name;
    private final Duration length;
    private final long number;
    private final @Nullable Fence outer;
    private final InstantSource clock;
    private volatile long heldUntilNanos;
    private volatile long heldUntilMillis;
    private volatile boolean lost;

    /** As of a lease that was asked for {@code asked}, by this clock of the time of day. */
    Fence(Leases leases, String name, Duration length, long number, Asked asked, InstantSource clock) {
        this.clock = clock;
        this.leases = leases;
        this.name = name;
        this.length = length;
        this.number = number;
        this.outer = CURRENT.get();
        holdFrom(asked);
    }

    /**
     * When a lease was asked for, by two clocks: {@link System#nanoTime} stands still while the machine is suspended, and the time of
     * day may be put back.
     */
    record Asked(long nanos, long millis) {
        static Asked now(InstantSource clock) {
            return new Asked(System.nanoTime(), clock.millis());
        }
    }

    private void holdFrom(Asked asked) {
        heldUntilNanos = asked.nanos + length.toNanos();
        heldUntilMillis = asked.millis + length.toMillis();
    }

    /** What this thread does from now on is done under this fence, and under the one that it had before. */
    void enter() {
        CURRENT.set(this);
    }

    /** Back to the fence of before. */
    void leave() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /** Lengthens the lease; a failure to ask is not yet a loss. */
    void renew() {
        Asked asked = Asked.now(clock);
        OptionalLong fence = leases.hold(name, length);
        if (fence.isPresent() && fence.getAsLong() == number) {
            holdFrom(asked);
            return;
        }
        lost = true;
        if (fence.isPresent()) {
            // The one who had it meanwhile has given it back, and it was taken anew just now: nobody here works under
            // that number.
            leases.release(name);
        }
        LOG.atWarn().addKeyValue("lock", name).addKeyValue("fence", number).log("lease of a repository lost");
    }

    /**
     * Refuses to go on if a lease of this thread's is not its own any more.
     *
     * @throws ProblemException 503 {@code repository-busy}
     */
    static void check() {
        for (Fence fence = CURRENT.get(); fence != null; fence = fence.outer) {
            fence.checkThis();
        }
    }

    private void checkThis() {
        if (!lost && (System.nanoTime() - heldUntilNanos > 0 || clock.millis() > heldUntilMillis)) {
            renew();
        }
        if (lost) {
            throw ProblemException.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "repository-busy",
                    "The change was given up: this server was stopped in the middle of it, and another went on. Try again.");
        }
    }
}
