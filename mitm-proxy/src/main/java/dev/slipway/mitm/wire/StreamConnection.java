package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to a server (RFC 9113), on which exchanges run at the same time, a stream for each. The server's limit of streams holds, a connection
 * that the server takes leave of (GOAWAY) gets no new one, and one without streams closes by itself, as one does whose server does not even
 * answer a ping. Used by its event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamConnection extends ChannelInboundHandlerAdapter {
    /** What a server may send on one stream before the client has taken it. */
    static final int STREAM_WINDOW_BYTES = 1 << 20;
    /** The same for all streams together: some may be stalled by slow readers while the others go on. */
    private static final int CONNECTION_WINDOW_BYTES = 16 << 20;
    /** Until the server has said its limit, it is not overrun: a stream that it refuses would have to be sent again. */
    private static final int STREAMS_BEFORE_SETTINGS = 1;

    private static final int SETTINGS_SECONDS = 10;
    private static final int STREAMS_MAX = 1_000;
    private static final int STREAMS_PER_LIFE_MAX = 1_000_000;

    private final Channel channel;
    private final Http2FrameCodec codec;
    private final Duration idleMax;
    private final Consumer<StreamConnection> changed;
    private int limit = STREAMS_BEFORE_SETTINGS;
    private boolean settled;
    private int active;
    private int opened;
    private boolean pinged;
    private boolean closing;
    private @Nullable ScheduledFuture<?> settling;
    private @Nullable ScheduledFuture<?> watch;
    private long idleSince = System.nanoTime();

    private StreamConnection(Channel channel, Duration idleMax, Consumer<StreamConnection> changed) {
        this.channel = channel;
        this.idleMax = idleMax;
        this.changed = changed;
        this.codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(STREAM_WINDOW_BYTES)
                        .maxHeaderListSize(4L * RequestHead.BYTES_MAX))
                .build();
    }

    /**
     * Speaks HTTP/2 from now on.
     *
     * @param changed runs when there may be room for further streams, and when the connection has ended
     */
    static StreamConnection start(ChannelPipeline pipeline, Duration idleMax, Consumer<StreamConnection> changed)
            throws Http2Exception {
        StreamConnection started = new StreamConnection(pipeline.channel(), idleMax, changed);
        pipeline.addLast("codec", started.codec)
                .addLast("streams", new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel pushed) {
                        // Nothing is pushed to who has said that it does not want it.
                        pushed.close();
                    }
                }))
                .addLast("connection", started);
        enlargeWindow(started.codec, CONNECTION_WINDOW_BYTES);
        started.expectSettings();
        started.watch();
        return started;
    }

    /** Takes so many bytes on all streams together, so that one whose bytes nobody wants does not hold up the others. */
    static void enlargeWindow(Http2FrameCodec codec, int bytes) throws Http2Exception {
        Http2Connection connection = codec.connection();
        connection
                .local()
                .flowController()
                .incrementWindowSize(connection.connectionStream(), bytes - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    }

    boolean hasRoom() {
        return isUsable() && active < limit;
    }

    /** Whether it may get streams now or later. */
    boolean isUsable() {
        return !closing
                && channel.isActive()
                && !codec.connection().goAwayReceived()
                && !codec.connection().goAwaySent()
                && opened < STREAMS_PER_LIFE_MAX;
    }

    /** Whether nobody uses it, though somebody could. */
    boolean isIdle() {
        return active == 0 && isUsable();
    }

    /** Ends it. TLS takes leave first, and until then the channel is still active. */
    void close() {
        closing = true;
        channel.close();
    }

    /** Whether the server has said how many streams it takes at once. */
    boolean isSettled() {
        return settled;
    }

    /** A stream for one exchange, which {@code leg} serves. Only where there is room. */
    void open(UpstreamLeg leg, Promise<UpstreamLeg> ready) {
        active++;
        opened++;
        boolean first = opened == 1;
        new Http2StreamChannelBootstrap(channel)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline()
                                .addLast(new Http2StreamFrameToHttpObjectCodec(false))
                                .addLast("leg", leg);
                    }
                })
                .open()
                .addListener((Future<Http2StreamChannel> stream) -> {
                    if (!stream.isSuccess()) {
                        left();
                        ready.tryFailure(stream.cause());
                        return;
                    }
                    stream.getNow().closeFuture().addListener(_ -> left());
                    leg.startStream(!first);
                    ready.trySuccess(leg);
                });
    }

    private void left() {
        active--;
        if (active == 0) {
            idleSince = System.nanoTime();
            if (!isUsable()) {
                channel.close();
            }
        }
        changed.accept(this);
    }

    /** A server that does not say its settings speaks no HTTP/2, and others would wait for them forever. */
    private void expectSettings() {
        settling = channel.eventLoop()
                .schedule(
                        () -> {
                            if (!settled) {
                                channel.close();
                            }
                        },
                        SETTINGS_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void watch() {
        watch = channel.eventLoop()
                .schedule(
                        () -> {
                            if (!channel.isActive()) {
                                return;
                            }
                            boolean idle = active == 0 && System.nanoTime() - idleSince >= idleMax.toNanos();
                            if (idle || pinged) {
                                close();
                                return;
                            }
                            if (active > 0) {
                                pinged = true;
                                channel.writeAndFlush(new DefaultHttp2PingFrame(0));
                            }
                            watch();
                        },
                        idleMax.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2SettingsFrame frame) {
            take(frame.settings());
        }
        ReferenceCountUtil.release(message);
        if (active == 0 && !isUsable()) {
            ctx.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Whatever has come, the server is there.
        pinged = false;
        ctx.fireChannelReadComplete();
    }

    private void take(Http2Settings settings) {
        Long wanted = settings.maxConcurrentStreams();
        if (wanted != null) {
            limit = (int) Math.min(wanted, STREAMS_MAX);
        } else if (!settled) {
            limit = STREAMS_MAX;
        }
        settled = true;
        changed.accept(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        // They would keep the connection's memory until their time.
        for (ScheduledFuture<?> timer : new ScheduledFuture<?>[] {settling, watch}) {
            if (timer != null) {
                timer.cancel(false);
            }
        }
        changed.accept(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
