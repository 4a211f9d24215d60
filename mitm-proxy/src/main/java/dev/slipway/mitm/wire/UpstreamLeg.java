package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's side of exchanges, one after the other: hands what it reads to the exchange that owns it, and knows when it is idle. */
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamLeg extends ChannelInboundHandlerAdapter {
    private final UpstreamPool pool;
    private final Way way;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private long idleSince;
    private @Nullable ScheduledFuture<?> watch;
    private boolean used;
    private boolean stream;
    private boolean unprocessed;
    private boolean closedCleanly;
    private @Nullable ReceiveWindow window;

    UpstreamLeg(UpstreamPool pool, Way way) {
        this.pool = pool;
        this.way = way;
    }

    Way way() {
        return way;
    }

    Channel channel() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("upstream: no channel yet (expected: after it was opened)");
        }
        return ctx.channel();
    }

    void serve(Exchange next) {
        exchange = next;
    }

    /** This is a stream of HTTP/2; {@code used} says whether its connection has carried others before. */
    void startStream(boolean usedBefore) {
        stream = true;
        used = usedBefore;
    }

    boolean isStream() {
        return stream;
    }

    /** Whether the server has said that it did nothing about the request (RFC 9113, section 8.7). */
    boolean isUnprocessed() {
        return unprocessed;
    }

    /** The exchange is complete; a stream then ends by itself. */
    void leave() {
        exchange = null;
    }

    /** Whether an earlier exchange used the connection: then it may have been closed by the server a moment ago. */
    boolean wasUsed() {
        return used;
    }

    boolean isUsable() {
        return context != null && context.channel().isActive();
    }

    long idleNanos() {
        return System.nanoTime() - idleSince;
    }

    /** Whether TLS was ended as it should be, so that an answer without a length is known to be whole. */
    boolean closedCleanly() {
        return closedCleanly || !way.tls() || stream;
    }

    /** Large bodies that come over TCP on connections of their own share a window from now on. */
    void sharesWindow() {
        window = new ReceiveWindow();
    }

    /** Goes to the pool; closes by itself when it was not used for too long. */
    void rest(Duration idleMax) {
        exchange = null;
        endWindow();
        used = true;
        idleSince = System.nanoTime();
        channel().config().setAutoRead(true);
        if (watch == null) {
            watch(idleMax);
        }
    }

    void close() {
        exchange = null;
        if (context != null) {
            context.close();
        }
    }

    private void endWindow() {
        if (window != null) {
            window.end();
        }
    }

    private void watch(Duration idleMax) {
        watch = channel()
                .eventLoop()
                .schedule(
                        () -> {
                            if (isUsable() && exchange == null && idleNanos() > idleMax.toNanos()) {
                                pool.remove(this);
                                close();
                            } else if (isUsable()) {
                                watch(idleMax);
                            }
                        },
                        idleMax.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** The connection has ended, or carries something else from now on. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (watch != null) {
            // It would keep the connection's memory until its time.
            watch.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (exchange == null) {
            // A server that speaks unasked has lost its place: what it says must not become the next request's answer.
            ReferenceCountUtil.release(message);
            pool.remove(this);
            ctx.close();
        } else {
            if (window != null && message instanceof HttpContent content) {
                window.read(ctx.channel(), content.content().readableBytes());
            }
            exchange.upstreamRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.upstreamReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.upstreamWritability(ctx.channel().isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS) {
            closedCleanly = true;
        } else if (event instanceof Http2ResetFrame reset) {
            unprocessed |= reset.errorCode() == Http2Error.REFUSED_STREAM.code();
        } else if (event instanceof Http2GoAwayFrame) {
            // Streams hear of it only if they came after the last one that the server looked at.
            unprocessed = true;
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endWindow();
        if (exchange == null) {
            pool.remove(this);
        } else {
            exchange.upstreamGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
