package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.gateway.wire.Peer;
import dev.slipway.kit.problem.ProblemException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sits behind the HTTP codec of each connection and sees every request first. One at a time is in hand, as an {@link Exchange}
 * of ours or in the framework's handlers further down; what a client sends ahead waits here until its turn. The framework has
 * switched auto-read off and counts its own reads: while an exchange of ours is in hand it learns nothing of what is read.
 */
final class EdgeHandler extends ChannelDuplexHandler implements Front {
    private static final int HELD_MAX = 1024;

    private final Doorkeeper doorkeeper;
    private final Queue<Object> held = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Turn turn;
    private @Nullable Peer peer;
    private @Nullable ScheduledFuture<?> watch;
    private boolean http2;
    private boolean upgraded;
    private boolean replaying;
    private boolean draining;
    private long freeSinceNanos = System.nanoTime();

    EdgeHandler(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        http2 = added.channel() instanceof Http2StreamChannel;
        doorkeeper.connections().add(this);
        draining = doorkeeper.connections().isDraining();
        lookAgainIn(doorkeeper.connections().headWithin());
    }

    private void lookAgainIn(Duration wait) {
        watch = loop().schedule(this::look, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends a connection, or a stream of HTTP/2, whose client takes too long to ask, or to say all of what is read as a whole.
     * However little comes now and then, the time runs on.
     */
    private void look() {
        if (upgraded || !channel().isActive()) {
            return;
        }
        Turn now = turn;
        Duration left = doorkeeper.connections().headWithin();
        if (now == null) {
            left = left.minusNanos(System.nanoTime() - freeSinceNanos);
        } else if (!now.requestDone && (now.exchange == null || now.exchange.readsWhole())) {
            left = doorkeeper.connections().bodyWithin().minusNanos(System.nanoTime() - now.beganNanos);
        }
        if (left.isPositive()) {
            lookAgainIn(left);
        } else {
            abort();
        }
    }

    /** The gateway is about to stop. */
    void drain() {
        draining = true;
        Turn now = turn;
        if (now == null) {
            close();
        } else {
            now.keepAlive = false;
            if (now.exchange != null) {
                now.exchange.drain();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        boolean next = !upgraded && message instanceof HttpRequest;
        if (!held.isEmpty() || (next && turn != null)) {
            hold(message);
        } else {
            take(message);
        }
    }

    private void hold(Object message) {
        if (held.size() >= HELD_MAX) {
            ReferenceCountUtil.release(message);
            abort();
            return;
        }
        held.add(message);
    }

    private void take(Object message) {
        if (!upgraded && message instanceof HttpRequest request) {
            begin(request);
            if (!(message instanceof LastHttpContent whole)) {
                return;
            }
            takeRest(whole);
            return;
        }
        takeRest(message);
    }

    private void takeRest(Object message) {
        Turn now = turn;
        if (now == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        now.requestDone |= message instanceof LastHttpContent;
        if (message instanceof HttpContent part && part.decoderResult().isFailure()) {
            // Where the next request would begin is not known.
            now.keepAlive = false;
        }
        if (now.exchange == null) {
            if (!(message instanceof HttpRequest)) {
                context().fireChannelRead(message);
            }
            endNativeTurn(now);
        } else {
            now.exchange.received(message instanceof FullHttpRequest whole ? restOf(whole) : message);
        }
    }

    /** A short request may come in one piece; its head was seen to already. */
    private static LastHttpContent restOf(FullHttpRequest whole) {
        return new DefaultLastHttpContent(whole.content());
    }

    private void begin(HttpRequest request) {
        Turn now = new Turn(request, doorkeeper.requestId(request));
        turn = now;
        try {
            RequestHead.check(request);
        } catch (ProblemException e) {
            now.keepAlive = false;
            now.exchange = new Refused(this, e);
            return;
        }
        now.exchange = doorkeeper.receive(now, request, this);
        if (now.exchange == null) {
            context().fireChannelRead(request);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Turn now = turn;
        if (now != null && now.exchange != null) {
            now.exchange.readComplete();
        } else {
            ctx.fireChannelReadComplete();
        }
    }

    /** The framework may ask for more only while the request in hand, if any, is its own. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        Turn now = turn;
        if (now == null || now.exchange == null) {
            ctx.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Turn now = turn;
        if (now != null && now.exchange == null) {
            noteNativeAnswer(now, message);
        }
        ctx.write(message, promise);
    }

    private void noteNativeAnswer(Turn now, Object message) {
        if (message instanceof HttpResponse response) {
            now.informational = response.status().code() < 200;
            if (!now.informational) {
                doorkeeper.answeredHere(now);
                stamp(now, response);
                if (draining) {
                    HttpUtil.setKeepAlive(response, false);
                }
                now.status = response.status().code();
                now.keepAlive = HttpUtil.isKeepAlive(response);
            }
        }
        if (message instanceof LastHttpContent && !now.informational) {
            now.answerDone = true;
            endNativeTurn(now);
        }
    }

    private void endNativeTurn(Turn now) {
        if (now.answerDone && now.requestDone) {
            // Not at once: the framework is in the middle of its write.
            loop().execute(() -> {
                if (turn == now) {
                    end(now);
                    replay();
                }
            });
        }
    }

    private void end(Turn now) {
        turn = null;
        freeSinceNanos = System.nanoTime();
        doorkeeper.over(now, peer().digits());
        if (draining) {
            close();
        }
    }

    private void stamp(Turn now, HttpResponse response) {
        EdgeHeaders.stamp(response, now.requestId, now.kind, now.sharedWith);
        doorkeeper.answered(now, response.status().code());
    }

    /** Takes up what waited, until there is a request in hand again. */
    private void replay() {
        if (replaying) {
            return;
        }
        replaying = true;
        try {
            while (!held.isEmpty() && !(turn != null && held.peek() instanceof HttpRequest)) {
                take(held.remove());
            }
        } finally {
            replaying = false;
        }
        if (turn == null) {
            context().read();
        } else if (turn.exchange != null) {
            turn.exchange.readComplete();
        } else {
            context().fireChannelReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Turn now = turn;
        if (now != null && now.exchange != null) {
            now.exchange.writabilityChanged();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean ours = turn != null && turn.exchange != null;
        if (ours && event instanceof IdleStateEvent) {
            // A stream may be silent for as long as it likes; exchanges have deadlines of their own.
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        leave();
    }

    private void leave() {
        Turn now = turn;
        turn = null;
        if (watch != null) {
            watch.cancel(false);
        }
        doorkeeper.connections().remove(this);
        if (now != null) {
            doorkeeper.left(now);
            doorkeeper.over(now, peer().digits());
            if (now.exchange != null) {
                now.exchange.clientGone();
            }
        }
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (turn != null && turn.exchange == null) {
            ctx.fireExceptionCaught(cause);
        } else {
            ctx.close();
        }
    }

    // The client's side, for the exchange in hand.

    @Override
    public Channel channel() {
        return context().channel();
    }

    @Override
    public Peer peer() {
        Peer known = peer;
        if (known == null) {
            known = Peer.of(channel());
            peer = known;
        }
        return known;
    }

    @Override
    public EventLoop loop() {
        return context().channel().eventLoop();
    }

    @Override
    public ByteBufAllocator allocator() {
        return context().alloc();
    }

    @Override
    public void write(Object part) {
        Turn now = turn;
        if (now != null && part instanceof HttpResponse response && isFinal(response)) {
            stamp(now, response);
            now.status = response.status().code();
            if (response.status().code() >= 200 && (!now.keepAlive || !now.requestDone)) {
                now.keepAlive = false;
                HttpUtil.setKeepAlive(response, false);
            }
        }
        context().write(part);
    }

    private static boolean isFinal(HttpResponse response) {
        int status = response.status().code();
        return status >= 200 || status == 101;
    }

    @Override
    public void flush() {
        context().flush();
    }

    @Override
    public void read() {
        context().read();
    }

    @Override
    public boolean isWritable() {
        return context().channel().isWritable();
    }

    @Override
    public void finished() {
        Turn now = turn;
        if (now == null) {
            return;
        }
        if (http2) {
            endStream(now);
            return;
        }
        if (!now.keepAlive || !now.requestDone) {
            close();
            return;
        }
        context().flush();
        end(now);
        replay();
    }

    /** A stream of HTTP/2 carries one request, and ends by itself once both sides are done. */
    private void endStream(Turn now) {
        context().flush();
        if (!now.requestDone) {
            // The answer is whole; only the rest of the request is not wanted (RFC 9113, section 8.1).
            context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
    }

    @Override
    public void close() {
        if (http2) {
            context().flush();
            context().close();
            return;
        }
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void refuse(ProblemException problem) {
        Turn now = turn;
        if (now != null) {
            write(doorkeeper.refusal(problem, now));
            finished();
        }
    }

    @Override
    public void abort() {
        context().close();
    }

    @Override
    public void upgraded() {
        upgraded = true;
        HttpServerCodec codec = context().pipeline().get(HttpServerCodec.class);
        if (codec != null) {
            context().pipeline().remove(codec);
        }
    }

    @Override
    public void upgradedToFrames(int bytesMax) {
        ChannelPipeline pipeline = context().pipeline();
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(bytesMax)
                .allowExtensions(false)
                .build();
        pipeline.addBefore(context().name(), "slipway-frame-decoder", new WebSocket13FrameDecoder(config));
        pipeline.addBefore(context().name(), "slipway-frame-encoder", new WebSocket13FrameEncoder(false));
        pipeline.addBefore(context().name(), "slipway-frame-aggregator", new WebSocketFrameAggregator(bytesMax));
        upgraded();
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("edge handler: in no pipeline");
        }
        return context;
    }
}
