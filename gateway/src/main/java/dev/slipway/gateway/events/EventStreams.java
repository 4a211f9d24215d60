package dev.slipway.gateway.events;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
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
    final ExecutorService blocking;

    EventStreams(
            EventTail tail,
            EventHistory history,
            EventFrames frames,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.tail = tail;
        this.history = history;
        this.frames = frames;
        this.blocking = blocking;
    }

    /**
     * Begins a stream.
     *
     * @param stillAllowed throws once the viewer may no longer see the project; called on a thread that may wait
     */
    public Exchange open(Front front, String projectId, HttpRequest request, Runnable stillAllowed) {
        return new EventStreamExchange(this, front, projectId, EventQuery.of(request), stillAllowed);
    }
}
