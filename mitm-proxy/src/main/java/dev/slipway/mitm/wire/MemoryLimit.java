package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What connections and requests may take in memory, for the whole process. Each connection counts with what it keeps by itself, each request with
 * what it may come to hold, and more where a stream's window lies here unread. When the limit is reached, sessions that hold more than their
 * share are refused (503, try again), the others go on in a reserve that is kept for them.
 */
public final class MemoryLimit {
    /** What a connection keeps: its TLS engine and codecs, and a buffer that is being read into. */
    static final int CONNECTION_BYTES = 48 * 1024;

    /** What a request may come to hold before its slower side stops the faster one: a full buffer, and the piece that filled it. */
    static final long REQUEST_BYTES = Transport.WAITING_BYTES_MAX + RequestHead.PIECE_BYTES_MAX;

    /** The same on a stream of HTTP/2, whose buffer is smaller. */
    static final long STREAM_BYTES = (long) WriteBufferWaterMark.DEFAULT.high() + RequestHead.PIECE_BYTES_MAX;

    /** What one request, connection or side of a tunnel holds at the moment, as part of its session's. Used by its event loop only. */
    final class Share {
        private final Door door;
        private long bytes;

        private Share(Door door) {
            this.door = door;
        }

        long bytes() {
            return bytes;
        }

        /** It holds so much from now on; 0 at its end. */
        void set(long now) {
            change(door, now - bytes);
            bytes = now;
        }
    }

    private final long bytesMax;
    private final long bytesMaxWithReserve;
    private final AtomicLong held = new AtomicLong();
    private final AtomicInteger holders = new AtomicInteger();

    /** A limit of so many bytes, a fifth of which is the reserve. */
    public MemoryLimit(long bytesMax) {
        this.bytesMax = bytesMax / 5 * 4;
        this.bytesMaxWithReserve = bytesMax;
    }

    /** Ends a request with 503 if this session may take no more now. */
    void check(Door door) {
        if (!hasRoomFor(door)) {
            throw Refusal.crowded();
        }
    }

    /** Whether this session may take more now: anybody up to the limit, and who holds no more than a fair share up to the end of the reserve. */
    boolean hasRoomFor(Door door) {
        long all = held.get();
        if (all < bytesMax) {
            return true;
        }
        boolean modest = door.held() * Math.max(1, holders.get()) <= bytesMax;
        return modest && all < bytesMaxWithReserve;
    }

    /** A share that holds nothing yet. */
    Share shareOf(Door door) {
        return new Share(door);
    }

    /** A session holds more, or less. */
    void change(Door door, long bytes) {
        if (bytes == 0) {
            return;
        }
        held.addAndGet(bytes);
        long now = door.hold(bytes);
        if (now == bytes && bytes > 0) {
            holders.incrementAndGet();
        } else if (now == 0) {
            holders.decrementAndGet();
        }
    }

    /** What is held at the moment, for all sessions. */
    public long held() {
        return held.get();
    }

    /** What was written into a channel and has not left it. */
    static long pendingIn(Channel channel) {
        return channel.isWritable()
                ? Math.max(0, channel.config().getWriteBufferWaterMark().high() - channel.bytesBeforeUnwritable())
                : waitingIn(channel);
    }

    /** What waits in a channel for its other side to take it; nothing as long as it takes more. */
    static long waitingIn(Channel channel) {
        return channel.isWritable() || !channel.isActive()
                ? 0
                : channel.bytesBeforeWritable()
                        + channel.config().getWriteBufferWaterMark().low();
    }
}
