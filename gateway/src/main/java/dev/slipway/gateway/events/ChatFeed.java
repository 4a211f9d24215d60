package dev.slipway.gateway.events;

import dev.slipway.gateway.proxy.UpstreamEvents;
import dev.slipway.gateway.proxy.UpstreamPool;
import dev.slipway.gateway.wire.Front;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The chat of one session for one viewer. While a turn runs it holds session-service's stream of it; between turns it holds
 * nothing, and is woken by the events of the log that tell of a message.
 */
final class ChatFeed implements UpstreamEvents.Listener {
    private static final int NO_CONTENT = 204;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Front front;
    private final UpstreamPool pool;
    private final ChatDoor door;
    private final String session;
    private final Chunks chunks;
    private @Nullable String last;
    private @Nullable UpstreamEvents stream;
    private @Nullable ScheduledFuture<?> retry;
    private boolean wokenMeanwhile;
    private boolean closed;

    /** Who gets the chunks. */
    interface Chunks {
        void chunk(String session, String id, String data);

        boolean takesMore();
    }

    ChatFeed(Front front, UpstreamPool pool, ChatDoor door, String session, @Nullable String last, Chunks chunks) {
        this.front = front;
        this.pool = pool;
        this.door = door;
        this.session = session;
        this.last = last;
        this.chunks = chunks;
    }

    /** The last chunk that was passed on. */
    @Nullable
    String last() {
        return last;
    }

    /** There may be something to read. */
    void wake() {
        if (closed) {
            return;
        }
        if (stream != null) {
            wokenMeanwhile = true;
            return;
        }
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
        stream = UpstreamEvents.open(
                pool, front.channel(), door.address(), door.path(session), door.identity(), last, this);
    }

    /** The viewer takes more again. */
    void more() {
        if (stream != null) {
            stream.more();
        }
    }

    void close() {
        closed = true;
        if (stream != null) {
            stream.close();
        }
        if (retry != null) {
            retry.cancel(false);
        }
    }

    @Override
    public void event(String id, String data) {
        if (closed) {
            return;
        }
        if (!id.isEmpty()) {
            last = id;
        }
        chunks.chunk(session, id, data);
    }

    @Override
    public boolean takesMore() {
        return chunks.takesMore();
    }

    @Override
    public void over(int status) {
        stream = null;
        boolean again = wokenMeanwhile;
        wokenMeanwhile = false;
        if (closed) {
            return;
        }
        if (status == 200 || (again && status == NO_CONTENT)) {
            // The next message may have waited for the end of this turn.
            front.loop().execute(this::wake);
        } else if (status == 0 || status >= 500) {
            long millis = RETRY.toMillis() / 2 + ThreadLocalRandom.current().nextLong(RETRY.toMillis());
            retry = front.loop().schedule(this::wake, millis, TimeUnit.MILLISECONDS);
        }
    }
}
