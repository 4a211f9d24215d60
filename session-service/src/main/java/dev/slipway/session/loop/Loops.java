package dev.slipway.session.loop;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerShutdownEvent;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each {@link Loop} on a virtual thread of its own, from when the service is up until it goes down. */
@Singleton
class Loops {
    private static final Logger LOG = LoggerFactory.getLogger(Loops.class);

    private final List<Loop> loops;
    private volatile boolean stopped;

    Loops(List<Loop> loops) {
        this.loops = loops;
    }

    @EventListener
    void started(ServerStartupEvent event) {
        loops.forEach(
                loop -> Thread.ofVirtual().name(loop.getClass().getSimpleName()).start(() -> run(loop)));
    }

    private void run(Loop loop) {
        while (!stopped) {
            try {
                loop.look();
            } catch (RuntimeException e) {
                if (!stopped) {
                    LOG.atWarn()
                            .addKeyValue("loop", loop.getClass().getSimpleName())
                            .addKeyValue("reason", e.toString())
                            .log("look failed, will look again");
                }
            }
            try {
                Thread.sleep(loop.every());
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    @EventListener
    void stopping(ServerShutdownEvent event) {
        stopped = true;
    }
}
