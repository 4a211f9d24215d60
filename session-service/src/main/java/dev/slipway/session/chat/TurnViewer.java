package dev.slipway.session.chat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.FluxSink;

/** One client that watches a turn. It gets frames as fast as it takes them, and a comment when there is nothing to say. */
final class TurnViewer {
    private static final byte[] HELLO = ": connected\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HEARTBEAT = ": heartbeat\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int BYTES_AT_ONCE = 32 * 1024;

    private final TurnFeed feed;
    private final FluxSink<byte[]> sink;
    private final AtomicInteger calls = new AtomicInteger();
    private long seen;
    private boolean greeted;
    private volatile boolean heartbeatDue;

    TurnViewer(TurnFeed feed, FluxSink<byte[]> sink, long seen) {
        this.feed = feed;
        this.sink = sink;
        this.seen = seen;
    }

    /** Says something if there is nothing else to say. */
    void heartbeat() {
        heartbeatDue = true;
        drain();
    }

    /** Sends what there is and what the client takes; one caller at a time, the others leave word. */
    void drain() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int answered = 1;
        do {
            send();
            answered = calls.addAndGet(-answered);
        } while (answered != 0);
    }

    private void send() {
        if (!greeted && sink.requestedFromDownstream() > 0) {
            greeted = true;
            // The first bytes take the answer's head with them, so that a client knows at once that it was heard.
            sink.next(HELLO);
        }
        while (greeted && sink.requestedFromDownstream() > 0 && !sink.isCancelled()) {
            byte[][] frames = feed.framesAfter(seen, BYTES_AT_ONCE);
            if (frames.length > 0) {
                seen += frames.length;
                heartbeatDue = false;
                sink.next(joined(frames));
            } else if (feed.isOverAfter(seen)) {
                sink.next(DONE);
                sink.complete();
                return;
            } else if (heartbeatDue) {
                heartbeatDue = false;
                sink.next(HEARTBEAT);
            } else {
                return;
            }
        }
    }

    private static byte[] joined(byte[][] frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }
}
