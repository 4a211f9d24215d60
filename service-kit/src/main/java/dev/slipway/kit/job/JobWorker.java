package dev.slipway.kit.job;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due jobs and runs each on a virtual thread of its own. The lease is renewed at a third of its length; a worker that
 * slept past it is interrupted, and its result is not written.
 */
@Singleton
@Requires(bean = JobHandler.class)
class JobWorker implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
    private static final int AT_ONCE = 64;

    private final JobStore store;
    private final JobSignal signal;
    private final Map<String, JobHandler> handlers;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private @Nullable Thread taker;

    JobWorker(JobStore store, JobSignal signal, List<JobHandler> handlers) {
        this.store = store;
        this.signal = signal;
        this.handlers = handlers.stream().collect(Collectors.toMap(JobHandler::kind, Function.identity()));
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        taker = Thread.ofVirtual().name("job-taker").start(this::takeUntilStopped);
    }

    private void takeUntilStopped() {
        while (!stopped) {
            try {
                int room = free.availablePermits();
                List<Job> jobs = room == 0 ? List.of() : store.take(handlers.keySet(), room);
                jobs.forEach(this::start);
                if (jobs.isEmpty()) {
                    signal.await(LOOK_EVERY);
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                if (stopped) {
                    return;
                }
                LOG.atWarn().addKeyValue("reason", e.toString()).log("jobs cannot be taken, will try again");
                try {
                    Thread.sleep(LOOK_EVERY);
                } catch (InterruptedException _) {
                    return;
                }
            }
        }
    }

    private void start(Job job) {
        free.acquireUninterruptibly();
        Thread worker = Thread.ofVirtual().name("job-" + job.kind()).unstarted(() -> {
            try {
                run(job);
            } finally {
                running.remove(Thread.currentThread());
                free.release();
                signal.wake();
            }
        });
        running.add(worker);
        worker.start();
        Thread.ofVirtual().name("job-lease").start(() -> renewWhileAlive(job, worker));
    }

    private void renewWhileAlive(Job job, Thread worker) {
        try {
            while (!worker.join(JobStore.LEASE.dividedBy(3))) {
                try {
                    if (!store.renew(job)) {
                        worker.interrupt();
                        return;
                    }
                } catch (RuntimeException e) {
                    LOG.atWarn()
                            .addKeyValue("kind", job.kind())
                            .addKeyValue("reason", e.toString())
                            .log("lease not renewed");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Job job) {
        JobHandler handler = handlers.get(job.kind());
        if (handler == null) {
            return;
        }
        try {
            handler.run(job);
            store.done(job);
        } catch (RetryLaterException later) {
            store.again(job, later.after(), false, "");
        } catch (InterruptedException _) {
            // The lease is lost, or the service stops: whoever takes the job next does it again.
            giveBack(job);
        } catch (Exception e) {
            if (stopped || Thread.currentThread().isInterrupted()) {
                giveBack(job);
            } else {
                failed(handler, job, e);
            }
        }
    }

    private void giveBack(Job job) {
        boolean interrupted = Thread.interrupted();
        try {
            store.again(job, Duration.ZERO, false, "");
        } catch (RuntimeException e) {
            LOG.atDebug().addKeyValue("kind", job.kind()).setCause(e).log("job left to its lease");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void failed(JobHandler handler, Job job, Exception reason) {
        boolean last = job.attempt() >= handler.attemptsMax();
        LOG.atWarn()
                .addKeyValue("kind", job.kind())
                .addKeyValue("key", job.key())
                .addKeyValue("attempt", job.attempt())
                .setCause(reason)
                .log(last ? "job is dead" : "job failed, will try again");
        try {
            if (last) {
                handler.dead(job, reason);
                store.bury(job, reason.toString());
            } else {
                store.again(job, handler.backoff(job.attempt()), true, reason.toString());
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("kind", job.kind())
                    .setCause(e)
                    .log("job's failure not written, its lease will end");
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        Thread taking = taker;
        if (taking != null) {
            taking.interrupt();
        }
        running.forEach(Thread::interrupt);
        long until = System.nanoTime() + STOP_WITHIN.toNanos();
        for (Thread worker : running) {
            worker.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
    }
}
