package dev.slipway.session.chat;

import dev.slipway.session.loop.Loop;
import dev.slipway.session.turn.NewChunks;
import dev.slipway.session.turn.Turn;
import dev.slipway.session.turn.TurnRepository;
import dev.slipway.session.turn.TurnSignals;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** The turns that somebody watches on this replica. News comes by signal; a look each second makes sure of it. */
@Singleton
class TurnFeeds implements Loop, TurnSignals.Listener {
    /** Looks, of a second each. */
    private static final int HEARTBEAT_EVERY = 5;

    private final TurnRepository turns;
    private final Map<String, TurnFeed> feeds = new ConcurrentHashMap<>();
    private int looks;

    TurnFeeds(TurnRepository turns, TurnSignals signals, MeterRegistry meters) {
        this.turns = turns;
        signals.listen(this);
        Gauge.builder("slipway.chat.viewers", this, TurnFeeds::viewers)
                .description("clients that watch a turn on this replica")
                .register(meters);
    }

    /**
     * The frames of a turn after chunk {@code seen} (0 for all), up to {@code [DONE]}: bytes of {@code text/event-stream}. Each
     * subscriber is a viewer of its own; one that cancels is forgotten.
     */
    Flux<byte[]> watch(Turn turn, long seen) {
        return Flux.create(sink -> join(turn, seen, sink));
    }

    private void join(Turn turn, long seen, FluxSink<byte[]> sink) {
        TurnViewer[] joined = new TurnViewer[1];
        TurnFeed feed = feeds.compute(turn.id(), (id, known) -> {
            TurnFeed used = known == null ? new TurnFeed(turn.sessionId(), id, turns) : known;
            joined[0] = new TurnViewer(used, sink, seen);
            used.add(joined[0]);
            return used;
        });
        TurnViewer viewer = joined[0];
        sink.onDispose(() -> feeds.computeIfPresent(turn.id(), (id, known) -> known.remove(viewer) ? null : known));
        sink.onRequest(_ -> viewer.drain());
        viewer.drain();
        feed.readOn();
    }

    @Override
    public void said(List<NewChunks> all) {
        List<TurnFeed> watched = new ArrayList<>();
        for (NewChunks chunks : all) {
            TurnFeed feed = feeds.get(chunks.turnId());
            if (feed != null) {
                feed.said(chunks);
                watched.add(feed);
            }
        }
        if (!watched.isEmpty()) {
            // One thread for all of them, and not the one that stores: it has the next to store.
            Thread.ofVirtual().name("turn-feed").start(() -> watched.forEach(TurnFeed::passOnHere));
        }
    }

    @Override
    public void changed(String turnId) {
        TurnFeed feed = feeds.get(turnId);
        if (feed != null) {
            feed.readOn();
        }
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void look() {
        feeds.values().forEach(TurnFeed::readOnIfQuiet);
        if (++looks % HEARTBEAT_EVERY == 0) {
            feeds.values().forEach(feed -> feed.viewers().forEach(TurnViewer::heartbeat));
        }
    }

    private int viewers() {
        return feeds.values().stream().mapToInt(feed -> feed.viewers().size()).sum();
    }
}
