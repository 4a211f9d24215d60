package dev.slipway.container.reconcile;

import dev.slipway.container.image.OutdatedImages;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.kit.lease.Leases;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps at the start and again and again, on one replica at a time, and at once where the engine hints that a sandbox has
 * ended.
 */
@Singleton
class Reconciler implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final String LEASE = "sandbox-sweep";

    private final Sweep sweep;
    private final IdleStop idle;
    private final Lifetimes lifetimes;
    private final UsageLook usage;
    private final OutdatedImages outdated;
    private final TrustRenewal trust;
    private final Leases leases;
    private final SandboxRuntime runtime;
    private final Duration every;
    private volatile boolean running = true;
    private @Nullable Thread thread;
    private @Nullable AutoCloseable watch;

    Reconciler(
            Sweep sweep,
            IdleStop idle,
            Lifetimes lifetimes,
            UsageLook usage,
            OutdatedImages outdated,
            TrustRenewal trust,
            Leases leases,
            SandboxRuntime runtime,
            @Value("${slipway.sandboxes.sweep-every:30s}") Duration every) {
        this.sweep = sweep;
        this.idle = idle;
        this.lifetimes = lifetimes;
        this.usage = usage;
        this.outdated = outdated;
        this.trust = trust;
        this.leases = leases;
        this.runtime = runtime;
        this.every = every;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("sandbox-sweep").start(this::loop);
        watch = runtime.watch(this::hint);
    }

    private void loop() {
        while (running) {
            try {
                if (leases.hold(LEASE, every.multipliedBy(2)).isPresent()) {
                    sweep.run();
                    idle.run();
                    lifetimes.run();
                    usage.run();
                    outdated.tell();
                    trust.run();
                }
            } catch (SandboxFailure e) {
                LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("sweep put off: the engine does not answer as it should");
            } catch (RuntimeException e) {
                if (running) {
                    LOG.atWarn().setCause(e).log("sweep failed, will try again");
                }
            }
            try {
                Thread.sleep(every);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void hint(String sessionId) {
        Thread.ofVirtual().name("sandbox-look").start(() -> {
            try {
                sweep.look(sessionId);
            } catch (RuntimeException e) {
                LOG.atDebug().setCause(e).log("hint not followed; the sweep will look");
            }
        });
    }

    @PreDestroy
    void stop() throws Exception {
        running = false;
        AutoCloseable watching = watch;
        if (watching != null) {
            watching.close();
        }
        Thread sweeping = thread;
        if (sweeping != null) {
            sweeping.interrupt();
            sweeping.join(Duration.ofSeconds(5));
            leases.release(LEASE);
        }
    }
}
