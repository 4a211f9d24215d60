package dev.slipway.gateway.events;

import dev.slipway.gateway.events.EventHistory.Slice;
import dev.slipway.gateway.events.EventSink.Ending;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer's stream. It is either live, and gets events from the tail as they come, or behind, and reads slices of the log
 * until it has caught up. A viewer that does not keep up falls behind and needs no memory; one that takes nothing for
 * the time that is configured is cut, and loses nothing when it comes back with the last id it saw.
 */
final class EventStreamExchange implements Exchange, EventViewer, ChatFeed.Chunks {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreamExchange.class);
    private static final int RECHECK_BEATS = 8;
    private static final Set<String> WAKES_CHAT = Set.of("message_added", "session_updated");

    private final EventStreams streams;
    private final Front front;
    private final EventStreams.Watcher watcher;
    private final String projectId;
    private final EventQuery query;
    private final EventSink sink;
    private final int partition;
    private final Map<String, ChatFeed> feeds = new HashMap<>(0);
    private final Map<String, String> chunksSeen = new TreeMap<>();
    private final Subscriptions.@Nullable Name name;

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

    EventStreamExchange(
            EventStreams streams, Front front, EventStreams.Watcher watcher, EventQuery query, EventSink sink) {
        this.streams = streams;
        this.front = front;
        this.watcher = watcher;
        this.projectId = watcher.projectId();
        this.query = query;
        this.sink = sink;
        this.partition = LogReaders.partitionOf(projectId);
        this.name = query.stream() == null ? null : new Subscriptions.Name(projectId, watcher.userId(), query.stream());
        front.loop().execute(this::open);
    }

    private void open() {
        if (ended) {
            return;
        }
        streams.tail.register(projectId, this);
        long newest = streams.tail.position(partition);
        StreamPosition after = query.after();
        Instant since = query.since();
        if (newest == EventTail.UNKNOWN) {
            end();
            front.refuse(ProblemException.starting("The event log is starting. Try again.", Duration.ofSeconds(1)));
        } else if (after != null) {
            chunksSeen.putAll(after.chat());
            EventPosition log = after.log();
            begin(log.partition() == partition ? log.offset() + 1 : Long.MAX_VALUE, newest);
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
        sink.begin();
        Map<String, Object> greeting = new HashMap<>();
        greeting.put("projectId", projectId);
        greeting.put("id", position());
        if (query.stream() != null) {
            greeting.put("stream", query.stream());
        }
        sink.event(position(), "connected", streams.frames.body(greeting));
        if (foreign) {
            sayGap(next);
        }
        sink.flush();
        long beatMillis = streams.settings.heartbeat().toMillis();
        heartbeat = front.loop().scheduleAtFixedRate(this::beat, beatMillis, beatMillis, TimeUnit.MILLISECONDS);
        watchClient();
        advance();
        subscribe();
    }

    private void subscribe() {
        Subscriptions.Name known = name;
        if (known == null) {
            change(query.sessions());
            return;
        }
        streams.subscriptions.add(known, this);
        ask(() -> streams.subscriptions.of(known), sessions -> {
            Set<String> all = new HashSet<>(sessions);
            all.addAll(query.sessions());
            change(all);
        });
    }

    /** Whose chat is to come along from now on. */
    void follow(Set<String> sessions) {
        front.loop().execute(() -> change(sessions));
    }

    private void change(Set<String> sessions) {
        if (ended) {
            return;
        }
        feeds.entrySet().removeIf(feed -> {
            boolean gone = !sessions.contains(feed.getKey());
            if (gone) {
                feed.getValue().close();
                chunksSeen.remove(feed.getKey());
            }
            return gone;
        });
        for (String session : sessions) {
            if (!feeds.containsKey(session) && feeds.size() < EventQuery.SESSIONS_MAX) {
                ChatFeed feed =
                        new ChatFeed(front, streams.pool, watcher.chat(), session, chunksSeen.get(session), this);
                feeds.put(session, feed);
                feed.wake();
            }
        }
    }

    /** Goes live if there is nothing left to catch up with, else takes the next slice. */
    private void advance() {
        while (!ended && !readingLog && !live) {
            long target = Math.max(missedUpTo, streams.tail.position(partition));
            if (next >= target) {
                live = true;
                return;
            }
            if (!front.isWritable()) {
                markStalled();
                return;
            }
            List<EventFrame> recent = streams.tail.recent(projectId, partition, next, target);
            if (recent == null) {
                readingLog = true;
                long from = next;
                ask(() -> streams.history.read(projectId, partition, from, target), slice -> {
                    readingLog = false;
                    deliver(slice);
                    advance();
                });
            } else {
                boolean cutShort = recent.size() == RecentFrames.SLICE_MAX;
                deliver(new Slice(recent, next, cutShort ? recent.getLast().offset() + 1 : target));
            }
        }
    }

    private void deliver(Slice slice) {
        if (slice.from() > next) {
            sayGap(slice.from());
        }
        slice.frames().forEach(this::pass);
        next = Math.max(next, slice.next());
        sink.flush();
    }

    private void pass(EventFrame frame) {
        next = Math.max(next, frame.offset() + 1);
        if (query.wants(frame.type())) {
            if (chunksSeen.isEmpty()) {
                sink.event(frame);
            } else {
                sink.event(position(), frame.type(), frame.body());
            }
        }
        if (!feeds.isEmpty() && WAKES_CHAT.contains(frame.type())) {
            ChatFeed feed = feeds.get(frame.subject());
            if (feed != null) {
                feed.wake();
            }
        }
    }

    private String position() {
        return StreamPosition.text(new EventPosition(partition, next - 1), chunksSeen);
    }

    private void sayGap(long oldest) {
        next = Math.max(next, oldest);
        sink.event(
                position(),
                "gap",
                streams.frames.body(Map.of(
                        "id", position(), "detail", "Events before this were not kept. Read the present state anew.")));
    }

    @Override
    public EventLoop loop() {
        return front.loop();
    }

    @Override
    public void live(EventFrame frame) {
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
        pass(frame);
        sink.flush();
        if (frame.type().equals("member_updated") || frame.type().equals("project_removed")) {
            recheck();
        }
    }

    @Override
    public void chunk(String session, String id, String data) {
        if (ended) {
            return;
        }
        if (!id.isEmpty()) {
            chunksSeen.put(session, id);
        }
        sink.event(position(), "chat", streams.frames.chat(session, id, data));
        sink.flush();
    }

    @Override
    public boolean takesMore() {
        return front.isWritable();
    }

    private void beat() {
        if (ended) {
            return;
        }
        if (!front.isWritable()) {
            markStalled();
            if (System.nanoTime() - stalledSinceNanos
                    > streams.settings.stalled().toNanos()) {
                cut(Ending.SLOW, "You did not keep up. Come back with the last id; nothing is lost.");
            }
            return;
        }
        stalled = false;
        sink.heartbeat();
        sink.flush();
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
                watcher.stillAllowed().run();
            } catch (ProblemException e) {
                front.loop().execute(() -> cut(Ending.NOT_ALLOWED, String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("viewer's rights could not be checked");
            }
        });
    }

    /** Ends the stream with a last event that says why. */
    private void cut(Ending why, String reason) {
        if (ended) {
            return;
        }
        sink.event(position(), "cut", streams.frames.body(Map.of("detail", reason)));
        end();
        sink.end(why);
        // A client that takes nothing would not take the end either.
        long lastMillis = streams.settings.stalled().toMillis();
        front.loop().schedule(() -> front.channel().close(), lastMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void drain() {
        if (begun) {
            cut(Ending.RESTART, "This gateway restarts. Come back with the last id; nothing is lost.");
        } else {
            breakOff();
        }
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

    /** Of a stream there is nothing to receive; over a WebSocket a viewer may say whose chat it wants. */
    @Override
    public void received(Object part) {
        try {
            if (ended) {
                return;
            }
            if (part instanceof TextWebSocketFrame text) {
                streams.frames.subscription(text.text()).ifPresent(this::change);
            } else if (part instanceof PingWebSocketFrame ping) {
                front.write(new PongWebSocketFrame(ping.content().retain()));
                front.flush();
            } else if (part instanceof CloseWebSocketFrame close) {
                end();
                front.write(close.retain());
                front.close();
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    @Override
    public void readComplete() {
        watchingClient = false;
        watchClient();
    }

    /** Reading is the only way to learn that the client has gone. */
    private void watchClient() {
        if (!watchingClient && begun && !ended) {
            watchingClient = true;
            front.read();
        }
    }

    @Override
    public void writabilityChanged() {
        if (front.isWritable() && begun) {
            stalled = false;
            advance();
            feeds.values().forEach(ChatFeed::more);
        }
    }

    @Override
    public void clientGone() {
        end();
    }

    private void end() {
        ended = true;
        streams.tail.unregister(projectId, this);
        if (name != null) {
            streams.subscriptions.remove(name, this);
        }
        feeds.values().forEach(ChatFeed::close);
        feeds.clear();
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
    }
}
