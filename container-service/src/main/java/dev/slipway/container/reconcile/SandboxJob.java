package dev.slipway.container.reconcile;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.Adoptions;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.terminal.TerminalHistory;
import dev.slipway.container.warm.WarmStore;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings about the newest wish for one session. What may pass is tried again until the sandbox's time is over; what will not
 * is told at once. A stop or a removal has no such time: it is tried until it is done.
 */
@Singleton
class SandboxJob implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxJob.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration START_WITHIN = Duration.ofSeconds(10);

    private final SandboxStore store;
    private final SandboxLifecycle lifecycle;
    private final SandboxRuntime runtime;
    private final BringUp bringUp;
    private final EgressDoors doors;
    private final SessionDirectories directories;
    private final SessionDisks disks;
    private final TerminalHistory history;
    private final WarmStore warm;
    private final SandboxSettings settings;
    private final Clock clock;

    SandboxJob(
            SandboxStore store,
            SandboxLifecycle lifecycle,
            SandboxRuntime runtime,
            BringUp bringUp,
            EgressDoors doors,
            SessionDirectories directories,
            SessionDisks disks,
            TerminalHistory history,
            WarmStore warm,
            SandboxSettings settings,
            Clock clock) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
        this.bringUp = bringUp;
        this.doors = doors;
        this.directories = directories;
        this.disks = disks;
        this.history = history;
        this.warm = warm;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return SandboxLifecycle.JOB;
    }

    @Override
    public void run(Job job) throws Exception {
        WantedSandbox wanted = store.find(job.key()).orElse(null);
        if (wanted == null || wanted.state().isSettled()) {
            return;
        }
        try {
            switch (wanted.desired()) {
                case RUNNING -> bringUp.run(wanted);
                case STOPPED -> stop(wanted);
                case REMOVED -> remove(wanted);
            }
        } catch (SupersededException e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("work ends for a newer wish");
        } catch (SandboxBrokenException e) {
            fail(wanted, e.failed());
        } catch (SandboxFailure.Fenced e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("fenced off by a newer wish");
        } catch (SandboxFailure e) {
            failOrAgain(wanted, e, e.mayPass());
        } catch (UpstreamUnavailableException e) {
            failOrAgain(wanted, e, true);
        } catch (UpstreamProblemException e) {
            failOrAgain(wanted, e, e.status() >= 500 || e.status() == 429);
        }
    }

    private void stop(WantedSandbox wanted) {
        history.copyQuietly(new SandboxName(wanted.sessionId()));
        runtime.stop(wanted.sessionId(), wanted.generation(), settings.stopGrace());
        lifecycle.stopped(wanted, new SandboxState.Stopped("wanted"));
    }

    private void remove(WantedSandbox wanted) throws IOException {
        runtime.remove(wanted.sessionId(), wanted.generation());
        doors.close(wanted);
        directories.remove(new SandboxName(wanted.sessionId()));
        disks.remove(new SandboxName(wanted.sessionId()));
        history.forget(wanted.sessionId());
        // Directories keep the name of a sandbox made ahead if the service ended before it gave them and a newer wish
        // came.
        Optional<Adoptions.Adoption> adoption = warm.ofSession(wanted.sessionId());
        if (adoption.isPresent()) {
            directories.remove(new SandboxName(adoption.get().warmId()));
        }
        warm.forgetSession(wanted.sessionId());
        lifecycle.removed(wanted);
    }

    private void failOrAgain(WantedSandbox wanted, RuntimeException reason, boolean mayPass) {
        boolean running = wanted.desired() == dev.slipway.contracts.session.Desired.RUNNING;
        // An engine that cannot start a container may be short of something for a moment; longer, and it is the
        // container.
        Duration time = reason instanceof SandboxFailure.Unschedulable ? START_WITHIN : settings.readyWithin();
        boolean timeLeft =
                clock.instant().plus(AGAIN).isBefore(wanted.wantedAt().plus(time));
        LOG.atWarn()
                .addKeyValue("sessionId", wanted.sessionId())
                .addKeyValue("generation", wanted.generation())
                .addKeyValue("reason", reason.toString())
                .log("a step towards a sandbox failed");
        if (!running || (mayPass && timeLeft)) {
            throw new RetryLaterException(AGAIN);
        }
        fail(wanted, new SandboxState.Failed(String.valueOf(reason.getMessage()), null, false));
    }

    /** A sandbox that has failed is not left running: nobody would use it. */
    private void fail(WantedSandbox wanted, SandboxState.Failed failed) {
        try {
            runtime.stop(wanted.sessionId(), wanted.generation(), settings.stopGrace());
        } catch (SandboxFailure e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("failed sandbox not stopped; the sweep will");
        }
        lifecycle.failed(wanted, failed);
        LOG.atWarn()
                .addKeyValue("sessionId", wanted.sessionId())
                .addKeyValue("reason", failed.reason())
                .log("sandbox failed");
    }

    @Override
    public void dead(Job job, Exception reason) {
        store.find(job.key())
                .filter(wanted -> !wanted.state().isSettled())
                .ifPresent(wanted -> fail(
                        wanted,
                        new SandboxState.Failed(
                                "The sandbox could not be made. Try again; if it stays, look into the log of container-service.",
                                null,
                                false)));
    }
}
