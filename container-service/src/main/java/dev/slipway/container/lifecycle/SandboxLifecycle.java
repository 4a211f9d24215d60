package dev.slipway.container.lifecycle;

import dev.slipway.contracts.container.SandboxEvent;
import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SessionEvent.SandboxWanted;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every change of a sandbox's row, each in one transaction with the event that tells of it. A change that names an old
 * generation, or that was made already, changes nothing and tells nothing.
 */
@Singleton
public class SandboxLifecycle {
    /** The kind of the jobs that bring a wish about; the key is the session's id. */
    public static final String JOB = "sandbox";

    private static final Logger LOG = LoggerFactory.getLogger(SandboxLifecycle.class);

    private final SandboxStore store;
    private final JobQueue jobs;
    private final Outbox outbox;

    SandboxLifecycle(SandboxStore store, JobQueue jobs, Outbox outbox) {
        this.store = store;
        this.jobs = jobs;
        this.outbox = outbox;
    }

    /** Takes a wish and queues the work for it, if it is newer than what is known. */
    @Transactional
    public void want(String projectId, SandboxWanted wish) {
        boolean taken = store.want(
                wish.sessionId(),
                projectId,
                wish.workspaceId(),
                wish.generation(),
                wish.desired(),
                wish.spec(),
                firstState(wish.desired()));
        if (!taken) {
            LOG.atInfo()
                    .addKeyValue("sessionId", wish.sessionId())
                    .addKeyValue("generation", wish.generation())
                    .log("an old wish came late and is ignored");
            return;
        }
        jobs.add(JOB, wish.sessionId(), "");
    }

    /** Queues the work again, for one that nobody works on. */
    @Transactional
    public void wake(String sessionId) {
        jobs.add(JOB, sessionId, "");
    }

    /** Tells how far the making of a sandbox is; whether the generation is still wanted. */
    @Transactional
    public boolean progress(WantedSandbox sandbox, SandboxState.Preparing step) {
        if (!store.become(sandbox.sessionId(), sandbox.generation(), step, List.of("preparing"))) {
            return false;
        }
        tell(
                sandbox,
                new SandboxEvent.SandboxProgress(
                        sandbox.sessionId(),
                        sandbox.generation(),
                        String.valueOf(step.phase()),
                        step.progress(),
                        String.valueOf(step.message())));
        return true;
    }

    /** The agent takes turns. */
    @Transactional
    public void ready(WantedSandbox sandbox, SandboxState.Ready ready) {
        if (store.become(sandbox.sessionId(), sandbox.generation(), ready, List.of("preparing"))) {
            tell(
                    sandbox,
                    new SandboxEvent.SandboxReady(
                            sandbox.sessionId(),
                            sandbox.generation(),
                            ready.containerId(),
                            ready.image(),
                            ready.imageDigest()));
        }
    }

    /** The sandbox stands still and its volume is kept. */
    @Transactional
    public void stopped(WantedSandbox sandbox, SandboxState.Stopped stopped) {
        List<String> from = List.of("preparing", "stopping", "ready");
        if (store.become(sandbox.sessionId(), sandbox.generation(), stopped, from)) {
            tell(sandbox, new SandboxEvent.SandboxStopped(sandbox.sessionId(), sandbox.generation(), stopped.reason()));
        }
    }

    /** Nobody has used the sandbox since it was read, so it is out of use from now on; whether that is so. */
    @Transactional
    public boolean idle(WantedSandbox sandbox) {
        if (!store.retire(sandbox)) {
            return false;
        }
        tell(sandbox, new SandboxEvent.SandboxStopped(sandbox.sessionId(), sandbox.generation(), "idle"));
        return true;
    }

    /** The sandbox could not be made, or died. */
    @Transactional
    public void failed(WantedSandbox sandbox, SandboxState.Failed failed) {
        if (store.become(sandbox.sessionId(), sandbox.generation(), failed, List.of("preparing", "ready"))) {
            tell(
                    sandbox,
                    new SandboxEvent.SandboxFailed(
                            sandbox.sessionId(),
                            sandbox.generation(),
                            failed.reason(),
                            failed.exitCode(),
                            failed.outOfMemory()));
        }
    }

    /** A newer image than the running one is there, or with null no longer. Told once. */
    @Transactional
    public void imageOutdated(WantedSandbox sandbox, @Nullable String newest) {
        if (store.noteNewest(sandbox.sessionId(), newest)) {
            tell(
                    sandbox,
                    new SandboxEvent.SandboxImageOutdated(
                            sandbox.sessionId(), String.valueOf(sandbox.imageDigest()), newest));
        }
    }

    /** Nothing of the sandbox is left. */
    @Transactional
    public void removed(WantedSandbox sandbox) {
        boolean changed = store.become(
                sandbox.sessionId(), sandbox.generation(), new SandboxState.Removed(), List.of("removing"));
        if (changed) {
            tell(sandbox, new SandboxEvent.SandboxRemoved(sandbox.sessionId(), sandbox.generation()));
        }
    }

    private void tell(WantedSandbox sandbox, SandboxEvent event) {
        outbox.append(sandbox.projectId(), sandbox.sessionId(), event);
    }

    private static SandboxState firstState(Desired desired) {
        return switch (desired) {
            case RUNNING -> new SandboxState.Preparing(null, null, null);
            case STOPPED -> new SandboxState.Stopping();
            case REMOVED -> new SandboxState.Removing();
        };
    }
}
