package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/**
 * The pieces of bodies that a client's HTTP/2 connection has sent and no exchange has taken yet. A window bounds their bytes and not their number, and a
 * piece of one byte takes a hundred times as much here. So they count with what the session holds, and while there are too many, or some
 * and its session may hold no more, the whole connection is not read. Stands between the codec and the streams.
 */
final class UnreadPieces extends ChannelInboundHandlerAdapter {
    /** On one connection, some 2 MB; what is in the middle of being read comes on top. */
    static final int PIECES_MAX = 16_384;

    private static final int BLOCK = 256;
    /** A frame, its slice of a buffer, and its place in a queue. */
    private static final int PIECE_BYTES = 160;

    private final Door door;
    private final MemoryLimit memory;
    private final Channel connection;
    private final IntObjectMap<int[]> unreadOf = new IntObjectHashMap<>();
    private int unread;
    private int counted;
    private int resumesAt;
    private boolean full;

    UnreadPieces(Door door, MemoryLimit memory, Channel connection) {
        this.door = door;
        this.memory = memory;
        this.connection = connection;
    }

    /** Goes before the codec, which would ask for more whatever it is told. */
    ChannelHandler brake() {
        return new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                if (!full) {
                    ctx.read();
                }
            }
        };
    }

    /** Counts what comes for this stream, which tells what it takes. */
    void watch(int streamId, Channel stream) {
        unreadOf.put(streamId, new int[1]);
        stream.closeFuture().addListener(_ -> {
            int[] left = unreadOf.remove(streamId);
            fewer(left == null ? 0 : left[0]);
        });
    }

    /** The stream has taken one. */
    void taken(int streamId) {
        int[] its = unreadOf.get(streamId);
        if (its != null && its[0] > 0) {
            its[0]--;
            fewer(1);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2DataFrame piece) {
            var stream = piece.stream();
            int[] its = stream == null ? null : unreadOf.get(stream.id());
            if (its != null) {
                its[0]++;
                unread++;
                count();
            }
        }
        ctx.fireChannelRead(message);
        if (!full && isTooMany()) {
            full = true;
            resumesAt = unread / 2;
            connection.config().setAutoRead(false);
        }
    }

    private boolean isTooMany() {
        return unread > PIECES_MAX || (unread > BLOCK && unread % BLOCK == 0 && !memory.hasRoomFor(door));
    }

    private void fewer(int pieces) {
        unread -= pieces;
        count();
        if (full && unread <= resumesAt) {
            full = false;
            connection.config().setAutoRead(true);
        }
    }

    private void count() {
        int now = unread / BLOCK;
        if (now != counted) {
            memory.change(door, (long) (now - counted) * BLOCK * PIECE_BYTES);
            counted = now;
        }
    }
}
