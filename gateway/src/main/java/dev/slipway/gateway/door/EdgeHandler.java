package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
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
    private boolean upgraded;
    private boolean replaying;

    EdgeHandler(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
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
            if (!(message instanceof LastHttpContent)) {
                return;
            }
        }
        Turn now = turn;
        if (now == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        now.requestDone |= message instanceof LastHttpContent;
        if (now.exchange == null) {
            if (!(message instanceof HttpRequest)) {
                context().fireChannelRead(message);
            }
            endNativeTurn(now);
        } else {
            now.exchange.received(message);
        }
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
                stamp(now, response);
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
                    turn = null;
                    replay();
                }
            });
        }
    }

    private void stamp(Turn now, HttpResponse response) {
        EdgeHeaders.stamp(response, now.requestId, now.kind, now.sharedWith);
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
        if (now != null && now.exchange != null) {
            now.exchange.clientGone();
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
        if (!now.keepAlive || !now.requestDone) {
            close();
            return;
        }
        context().flush();
        turn = null;
        replay();
    }

    @Override
    public void close() {
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

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("edge handler: in no pipeline");
        }
        return context;
    }

    /** One request in hand; without an exchange it is the framework's. */
    static final class Turn {
        final String requestId;
        final String method;
        final String path;

        @Nullable
        Exchange exchange;

        EdgeHeaders.Kind kind = EdgeHeaders.Kind.API;
        Optional<String> sharedWith = Optional.empty();

        @Nullable
        Admission admission;

        boolean keepAlive;
        boolean requestDone;
        boolean answerDone;
        boolean informational;

        Turn(HttpRequest request, String requestId) {
            this.requestId = requestId;
            this.method = request.method().name();
            this.path = RequestHead.path(request.uri());
            this.keepAlive = HttpUtil.isKeepAlive(request);
        }
    }
}
