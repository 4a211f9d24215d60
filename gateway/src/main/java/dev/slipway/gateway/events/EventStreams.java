package dev.slipway.gateway.events;

import dev.slipway.gateway.proxy.UpstreamPool;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;

/** Opens streams of a project's events. */
@Singleton
public class EventStreams {
    final EventTail tail;
    final EventHistory history;
    final EventFrames frames;
    final Subscriptions subscriptions;
    final UpstreamPool pool;
    final ExecutorService blocking;
    final EventSettings settings;

    EventStreams(
            EventTail tail,
            EventHistory history,
            EventFrames frames,
            Subscriptions subscriptions,
            UpstreamPool pool,
            EventSettings settings,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.tail = tail;
        this.history = history;
        this.frames = frames;
        this.subscriptions = subscriptions;
        this.pool = pool;
        this.settings = settings;
        this.blocking = blocking;
    }

    /**
     * Who watches.
     *
     * @param chat the way to the chat of the sessions that come along
     * @param stillAllowed throws once the viewer may no longer see the project; called on a thread that may wait
     */
    public record Watcher(String projectId, String userId, ChatDoor chat, Runnable stillAllowed) {}

    /** Begins a stream; 400 if what is asked for makes no sense. */
    public Exchange open(Front front, HttpRequest request, boolean webSocket, Watcher watcher) {
        EventQuery query = EventQuery.of(request);
        if (!webSocket) {
            return new EventStreamExchange(this, front, watcher, query, new SseSink(front));
        }
        if (!SocketSink.isAskedFor(request)) {
            throw ProblemException.of(
                    HttpStatus.UPGRADE_REQUIRED,
                    "upgrade-required",
                    "This path is a WebSocket (RFC 6455, version 13).");
        }
        return new EventStreamExchange(this, front, watcher, query, new SocketSink(front, request));
    }
}
