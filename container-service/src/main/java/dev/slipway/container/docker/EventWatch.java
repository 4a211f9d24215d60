package dev.slipway.container.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to the engine's events, again after each break. What is missed in between, the sweep finds. */
final class EventWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** Docker's words for it, then Podman's. */
    private static final String[] ENDS = {"die", "oom", "destroy", "died", "remove"};

    private final EngineConnection engine;
    private final String home;
    private final Consumer<String> changed;
    private volatile boolean closed;
    private volatile @Nullable Listener listener;

    private EventWatch(EngineConnection engine, String home, Consumer<String> changed) {
        this.engine = engine;
        this.home = home;
        this.changed = changed;
    }

    static EventWatch start(EngineConnection engine, String home, Consumer<String> changed) {
        EventWatch watch = new EventWatch(engine, home, changed);
        Thread.ofVirtual().name("engine-events").start(watch::run);
        return watch;
    }

    private void run() {
        while (!closed) {
            try {
                Listener listening = new Listener();
                listener = listening;
                engine.get()
                        .streams()
                        .eventsCmd()
                        .withEventTypeFilter(EventType.CONTAINER)
                        .withEventFilter(ENDS)
                        .withLabelFilter(Map.of(Labels.HOME, home))
                        .exec(listening);
                listening.ended.await();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.atDebug().addKeyValue("reason", e.toString()).log("engine's events cannot be watched now");
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        Listener listening = listener;
        if (listening != null) {
            listening.close();
        }
    }

    private final class Listener extends ResultCallback.Adapter<Event> {
        private final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public void onNext(Event event) {
            if (event.getActor() == null || event.getActor().getAttributes() == null) {
                return;
            }
            String session = event.getActor().getAttributes().get(Labels.SESSION);
            if (session != null) {
                changed.accept(session);
            }
        }

        @Override
        public void onError(Throwable error) {
            ended.countDown();
        }

        @Override
        public void onComplete() {
            ended.countDown();
        }

        @Override
        public void close() throws IOException {
            ended.countDown();
            super.close();
        }
    }
}
