package dev.slipway.gateway.events;

import dev.slipway.gateway.events.EventHistory.Slice;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer's stream. It is either live, and gets events from the tail as they come, or behind, and reads slices of the log
 * until it has caught up. A viewer that does not keep up falls behind and needs no memory; one that takes nothing for
 * {@link #STALLED_MAX} is cut, and loses nothing when it comes back with the last id it saw.
 */
final class EventStreamExchange implements Exchange, EventViewer {
    static final Duration STALLED_MAX = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(EventStreamExchange.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(8);
    private static final int RECHECK_BEATS = 8;
    private static final byte[] HEARTBEAT_FRAME = ": heartbeat\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] RETRY_LINE = "retry: 1000\n".getBytes(StandardCharsets.UTF_8);

    private final EventStreams streams;
    private final Front front;
    private final String projectId;
    private final EventQuery query;
    private final Runnable stillAllowed;
    private final int partition;

    private @Nullable ScheduledFuture<?> heartbeat;
    private boolean begun;
    private boolean live;
    private boolean readingLog;
    private boolean watchingClient;
    private boolean ended;
    private long next;
    private long missedUpTo;
    private long stalledSinceNanos;
    private boolean stalled;
    private int beats;

    EventStreamExchange(EventStreams streams, Front front, String projectId, EventQuery query, Runnable stillAllowed) {
        this.streams = streams;
        this.front = front;
        this.projectId = projectId;
        this.query = query;
        this.stillAllowed = stillAllowed;
        this.partition = LogReaders.partitionOf(projectId);
        front.loop().execute(this::open);
    }

    private void open() {
        if (ended) {
            return;
        }
        streams.tail.register(projectId, this);
        long newest = streams.tail.position(partition);
        EventPosition after = query.after();
        Instant since = query.since();
        if (newest == EventTail.UNKNOWN) {
            end();
            front.refuse(ProblemException.starting("The event log is starting. Try again.", Duration.ofSeconds(1)));
        } else if (after != null) {
            begin(after.partition() == partition ? after.offset() + 1 : Long.MAX_VALUE, newest);
        } else if (since != null) {
            ask(() -> streams.history.offsetAt(partition, since), offset -> begin(offset, newest));
        } else {
            begin(newest, newest);
        }
    }

    /** An id of another log, or of one that was made anew, says nothing about this one: all that is kept here is sent. */
    private void begin(long from, long newest) {
        boolean foreign = from > newest;
        next = foreign ? 0 : from;
        begun = true;
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform")
                .set("X-Accel-Buffering", "no");
        HttpUtil.setTransferEncodingChunked(head, true);
        front.write(head);
        send(RETRY_LINE);
        EventPosition seen = new EventPosition(partition, next - 1);
        send(streams.frames.frame(seen, "connected", Map.of("projectId", projectId, "id", seen.toString())));
        if (foreign) {
            sayGap(next);
        }
        front.flush();
        heartbeat = front.loop()
                .scheduleAtFixedRate(this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        watchClient();
        advance();
    }

    /** Goes live if there is nothing left to catch up with, else reads the next slice. */
    private void advance() {
        if (ended || readingLog || live) {
            return;
        }
        long target = Math.max(missedUpTo, streams.tail.position(partition));
        if (next >= target) {
            live = true;
            return;
        }
        if (!front.isWritable()) {
            markStalled();
            return;
        }
        readingLog = true;
        long from = next;
        ask(() -> streams.history.read(projectId, partition, from, target), this::deliver);
    }

    private void deliver(Slice slice) {
        readingLog = false;
        if (slice.from() > next) {
            sayGap(slice.from());
        }
        slice.frames().stream().filter(frame -> query.wants(frame.type())).forEach(frame -> send(frame.bytes()));
        next = Math.max(next, slice.next());
        front.flush();
        advance();
    }

    private void sayGap(long oldest) {
        EventPosition before = new EventPosition(partition, oldest - 1);
        send(streams.frames.frame(
                before,
                "gap",
                Map.of(
                        "id",
                        before.toString(),
                        "detail",
                        "Events before this were not kept. Read the present state anew.")));
    }

    @Override
    public void live(EventFrame frame) {
        front.loop().execute(() -> take(frame));
    }

    private void take(EventFrame frame) {
        if (ended) {
            return;
        }
        if (!live || !front.isWritable()) {
            missedUpTo = Math.max(missedUpTo, frame.offset() + 1);
            live = false;
            if (begun) {
                advance();
            }
            return;
        }
        if (frame.offset() < next) {
            return;
        }
        next = frame.offset() + 1;
        if (query.wants(frame.type())) {
            send(frame.bytes());
            front.flush();
        }
        if (frame.type().equals("member_updated") || frame.type().equals("project_removed")) {
            recheck();
        }
    }

    private void beat() {
        if (ended) {
            return;
        }
        if (!front.isWritable()) {
            markStalled();
            if (System.nanoTime() - stalledSinceNanos > STALLED_MAX.toNanos()) {
                cut("You did not keep up. Come back with the last id; nothing is lost.");
            }
            return;
        }
        stalled = false;
        send(HEARTBEAT_FRAME);
        front.flush();
        beats++;
        if (beats % RECHECK_BEATS == 0) {
            recheck();
        }
    }

    private void markStalled() {
        if (!stalled) {
            stalled = true;
            stalledSinceNanos = System.nanoTime();
        }
    }

    private void recheck() {
        streams.blocking.execute(() -> {
            try {
                stillAllowed.run();
            } catch (ProblemException e) {
                front.loop().execute(() -> cut(String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("viewer's rights could not be checked");
            }
        });
    }

    /** Ends the stream with a last event that says why. */
    private void cut(String reason) {
        if (ended) {
            return;
        }
        EventPosition seen = new EventPosition(partition, next - 1);
        send(streams.frames.frame(seen, "cut", Map.of("detail", reason)));
        end();
        front.write(LastHttpContent.EMPTY_LAST_CONTENT);
        front.close();
        // A client that takes nothing would not take the end either.
        front.loop().schedule(() -> front.channel().close(), STALLED_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T> void ask(Supplier<T> question, Consumer<T> then) {
        streams.blocking.execute(() -> {
            try {
                T answer = question.get();
                front.loop().execute(() -> {
                    if (!ended) {
                        then.accept(answer);
                    }
                });
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("projectId", projectId).setCause(e).log("event log could not be read");
                front.loop().execute(this::breakOff);
            }
        });
    }

    private void breakOff() {
        if (!ended) {
            end();
            front.abort();
        }
    }

    private void send(byte[] frame) {
        front.write(new DefaultHttpContent(Unpooled.wrappedBuffer(frame)));
    }

    @Override
    public void received(Object part) {
        ReferenceCountUtil.release(part);
    }

    @Override
    public void readComplete() {
        watchClient();
    }

    /** Reading is the only way to learn that the client has gone. */
    private void watchClient() {
        if (!watchingClient && begun) {
            watchingClient = true;
            front.read();
        }
    }

    @Override
    public void writabilityChanged() {
        if (front.isWritable() && begun) {
            stalled = false;
            advance();
        }
    }

    @Override
    public void clientGone() {
        end();
    }

    private void end() {
        ended = true;
        streams.tail.unregister(projectId, this);
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
    }
}
