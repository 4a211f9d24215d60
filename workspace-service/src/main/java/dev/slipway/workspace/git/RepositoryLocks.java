package dev.slipway.workspace.git;

import dev.slipway.kit.lease.Leases;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer at a time for each cache and each work tree, among the threads of this process and among replicas. A replica that
 * dies loses its locks when their lease ends. One that only slept may then meet another: its next git command is refused by its
 * {@link Fence}, and one that already runs moves references only from the value that they were read with
 * ({@code git update-ref <new> <old>}).
 */
@Singleton
public class RepositoryLocks {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryLocks.class);
    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private static final InstantSource CLOCK = InstantSource.system();

    private final Leases leases;
    private final ConcurrentHashMap<String, ReentrantLock> local = new ConcurrentHashMap<>();

    RepositoryLocks(Leases leases) {
        this.leases = leases;
    }

    /**
     * Does the work alone.
     *
     * @param wait how long to wait for others; then 503 with {@code Retry-After}
     */
    public <T> T alone(String name, Duration wait, Supplier<T> work) {
        ReentrantLock lock = local.computeIfAbsent(name, key -> new ReentrantLock(true));
        long until = System.nanoTime() + wait.toNanos();
        try {
            if (!lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try {
                return lock.getHoldCount() > 1 ? work.get() : leased(name, until, work);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitException("interrupted while waiting for " + name, e);
        }
    }

    private <T> T leased(String name, long until, Supplier<T> work) throws InterruptedException {
        Fence fence = take(name, until);
        CountDownLatch done = new CountDownLatch(1);
        Thread renewal = Thread.ofVirtual().name("repository-lease").start(() -> renewUntil(done, fence, name));
        fence.enter();
        try {
            return work.get();
        } finally {
            fence.leave();
            // Told and not interrupted: an interrupt in the middle of a statement would cost a database connection.
            done.countDown();
            renewal.join();
            leases.release(name);
        }
    }

    private Fence take(String name, long until) throws InterruptedException {
        while (true) {
            Fence.Asked asked = Fence.Asked.now(CLOCK);
            OptionalLong number = leases.hold(name, LEASE);
            if (number.isPresent()) {
                return new Fence(leases, name, LEASE, number.getAsLong(), asked, CLOCK);
            }
            if (System.nanoTime() > until) {
                throw busy();
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private static void renewUntil(CountDownLatch done, Fence fence, String name) {
        try {
            while (!done.await(LEASE.dividedBy(4).toMillis(), TimeUnit.MILLISECONDS)) {
                renew(fence, name);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void renew(Fence fence, String name) {
        try {
            fence.renew();
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("lock", name).setCause(e).log("lease of a repository not renewed");
        }
    }

    private static ProblemException busy() {
        return ProblemException.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "repository-busy",
                "Another change to this repository is still being made. Try again in some seconds.");
    }
}
