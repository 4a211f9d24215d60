package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * How much a server may send ahead of what is read (tcp(7), TCP_WINDOW_CLAMP). Left alone, the kernel lets each fast connection grow to
 * megabytes. One large body may have that; hundreds at once would fill the kernel's memory for TCP and every cache with bytes that wait.
 * So the large bodies of an event loop share a sum; an answer that is small is never looked at.
 *
 * <p>Belongs to one connection and is used on its event loop only.
 */
final class ReceiveWindow {
    private static final IntegerUnixChannelOption TCP_WINDOW_CLAMP =
            new IntegerUnixChannelOption("TCP_WINDOW_CLAMP", 6, 10);
    private static final long LARGE_BYTES = 1L << 20;
    private static final int SHARED_BYTES = 4 << 20;
    /** Two segments of the largest kind (loopback, 64 KB): into a window that is smaller than one, a sender puts a piece every 200 ms. */
    private static final int SHARE_MIN = 128 << 10;

    private static final int SHARE_MAX = 8 << 20;

    private static final FastThreadLocal<Loop> LOOPS = new FastThreadLocal<>() {
        @Override
        protected Loop initialValue() {
            return new Loop();
        }
    };

    /** What the large bodies of an event loop share. */
    private static final class Loop {
        private int bodies;
        private int share = SHARE_MAX;

        void add(int more) {
            bodies += more;
            share = share(bodies);
        }
    }

    private long bytes;
    private boolean large;
    private int set;

    /** What each of so many bodies gets: a power of two, so that it seldom changes. One alone may fill a long way. */
    static int share(int bodies) {
        return bodies <= 1
                ? SHARE_MAX
                : Math.clamp(Integer.highestOneBit(SHARED_BYTES / Math.max(1, bodies)), SHARE_MIN, SHARE_MAX);
    }

    /** More of a body has come. */
    void read(Channel channel, int count) {
        bytes += count;
        if (bytes < LARGE_BYTES) {
            return;
        }
        Loop loop = LOOPS.get();
        if (!large) {
            large = true;
            loop.add(1);
        }
        if (set != loop.share) {
            set = loop.share;
            channel.config().setOption(TCP_WINDOW_CLAMP, set);
        }
    }

    /** The answer is complete, or its connection gone. */
    void end() {
        bytes = 0;
        if (large) {
            large = false;
            LOOPS.get().add(-1);
        }
    }
}
