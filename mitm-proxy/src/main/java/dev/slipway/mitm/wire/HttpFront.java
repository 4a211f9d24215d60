package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.inject.Query;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of HTTP: takes requests one after the other, an {@link Exchange} for each, and answers itself where none may leave.
 * The same for a connection of HTTP/1.1 and for one stream of HTTP/2.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpFront extends ChannelInboundHandlerAdapter {
    private static final long TICK_SECONDS = 10;
    private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long KEEP_ALIVE_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long EXCHANGE_IDLE_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final long LINGER_SECONDS = 3;
    private static final long LINGER_BYTES_MAX = 1 << 20;

    private final Door door;
    private final ProxyServices services;
    private final Arrival arrival;
    private final boolean stream;
    private final Deque<Object> waiting = new ArrayDeque<>();

    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestDecoder decoder;
    private @Nullable ScheduledFuture<?> ticking;
    private @Nullable Exchange current;
    private @Nullable ChannelFuture lastAnswer;
    private boolean keepAlive;
    private boolean reading;
    private boolean bodyOutstanding;
    private boolean draining;
    private boolean tunnelling;
    private boolean closing;
    private long lingeredBytes;
    private long lastMoved = System.nanoTime();
    private final MemoryLimit.Share held;
    private long answers;

    private HttpFront(Door door, ProxyServices services, Arrival arrival, boolean stream) {
        this.door = door;
        this.services = services;
        this.held = services.memory().shareOf(door);
        this.arrival = arrival;
        this.stream = stream;
    }

    /** Ends a pipeline with HTTP/1.1. */
    static void install(ChannelPipeline pipeline, Door door, ProxyServices services, Arrival arrival) {
        pipeline.addLast("decoder", new RequestDecoder())
                .addLast("encoder", new ResponseEncoder())
                .addLast("http", new HttpFront(door, services, arrival, false));
    }

    /** The end of a pipeline that has its codec. */
    static HttpFront ofConnection(Door door, ProxyServices services, Arrival arrival) {
        return new HttpFront(door, services, arrival, false);
    }

    /** The end of the pipeline of one HTTP/2 stream. */
    static HttpFront ofStream(Door door, ProxyServices services, Arrival arrival) {
        return new HttpFront(door, services, arrival, true);
    }

    /** Whether more of what the client sent may follow at once: then a flush comes at its end. */
    boolean isReading() {
        return reading;
    }

    boolean isStream() {
        return stream;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        decoder = ctx.pipeline().get(RequestDecoder.class);
        ticking = ctx.executor().scheduleWithFixedDelay(this::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ticking != null) {
            ticking.cancel(false);
        }
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        lastMoved = System.nanoTime();
        reading = true;
        if (closing) {
            linger(ctx, message);
        } else if (waiting.isEmpty() && takes(ctx)) {
            handle(ctx, message);
        } else {
            waiting.add(message);
            stopReading();
        }
    }

    /** Whether there is somebody for the next message: the present exchange, or the next one once the client has taken enough of the last answers. */
    private boolean takes(ChannelHandlerContext ctx) {
        return current == null ? ctx.channel().isWritable() : !current.requestDone();
    }

    private void handle(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case Refusal refusal -> {
                unread().refused(refusal);
                keepAlive = false;
                answer(refusal);
            }
            case HttpRequest request -> {
                start(ctx, request);
                if (message instanceof HttpContent whole) {
                    // A stream that ends with its head comes as one message, which the other codec would take for a
                    // second request.
                    whole.release();
                    content(LastHttpContent.EMPTY_LAST_CONTENT);
                }
            }
            case HttpContent piece -> content(piece);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void content(HttpContent piece) {
        bodyOutstanding &= !(piece instanceof LastHttpContent);
        if (current != null) {
            current.requestContent(piece);
        } else {
            piece.release();
        }
    }

    private void start(ChannelHandlerContext ctx, HttpRequest request) {
        keepAlive = !stream && HttpUtil.isKeepAlive(request) && !door.isLeaving();
        bodyOutstanding = stream
                ? !(request instanceof LastHttpContent)
                : HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        if (!stream) {
            ctx.pipeline().get(ResponseEncoder.class).answering(request.method());
        }
        if (request.decoderResult().isFailure()) {
            keepAlive = false;
            answer(Refusal.badRequest("the request is no HTTP"));
        } else if (request.method().equals(HttpMethod.CONNECT)) {
            keepAlive = false;
            connect(ctx, request);
        } else {
            exchange(ctx, request);
        }
    }

    private void exchange(ChannelHandlerContext ctx, HttpRequest request) {
        Entry entry = unread();
        try {
            Destination destination = Destination.of(arrival, request);
            entry = Entry.ofRequest(
                    door,
                    services.log(),
                    destination,
                    request.method().name(),
                    services.operator().logPaths() ? shown(destination.uri()) : null);
            services.memory().check(door);
            Exchange exchange = new Exchange(this, ctx, door, services, destination, entry, request, keepAlive);
            current = exchange;
            // The exchange counts with more than may be left of the answers before.
            held.set(0);
            exchange.begin();
        } catch (Refusal refusal) {
            current = null;
            entry.refused(refusal);
            answer(refusal);
        }
    }

    /** What the log may show of a request's target. */
    private String shown(String uri) {
        String shown = Query.redacted(uri);
        return services.rules()
                .known(door.projectId())
                .map(rules -> rules.withoutSecrets(shown, Entry.PATH_LENGTH_MAX))
                .orElse(shown);
    }

    /** The log's line for a request whose destination cannot be read: inside a tunnel at least the tunnel's is known. */
    private Entry unread() {
        return switch (arrival) {
            case Arrival.Open _ -> Entry.ofNonsense(door, services.log(), "http");
            case Arrival.Tunnel(HostPort target, boolean tls) ->
                Entry.ofTunnel(door, services.log(), tls ? "https" : "http", target);
        };
    }

    private void connect(ChannelHandlerContext ctx, HttpRequest request) {
        Entry entry = Entry.ofNonsense(door, services.log(), "https");
        try {
            HostPort target = connectTarget(request);
            Entry named = Entry.ofTunnel(door, services.log(), "https", target);
            tunnelling = true;
            stopReading();
            TunnelGate.open(door, services, target)
                    .whenComplete((tunnel, failure) -> ctx.executor().execute(() -> {
                        if (failure != null) {
                            Refusal refusal = Failures.refusal(target, failure);
                            named.refused(refusal);
                            answer(refusal);
                        } else if (ctx.channel().isActive()) {
                            startTunnel(ctx, tunnel);
                        }
                    }));
        } catch (Refusal refusal) {
            entry.refused(refusal);
            answer(refusal);
        } catch (MalformedHost malformed) {
            Refusal refusal = Refusal.badRequest(String.valueOf(malformed.getMessage()));
            entry.refused(refusal);
            answer(refusal);
        }
    }

    private HostPort connectTarget(HttpRequest request) {
        if (!(arrival instanceof Arrival.Open)) {
            throw Refusal.forbidden("CONNECT inside a tunnel");
        }
        HostPort target = HostPort.parse(request.uri(), 0);
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() == 1
                && !HostPort.parse(hosts.getFirst(), target.port()).host().equals(target.host())) {
            throw Refusal.forbidden("CONNECT names " + target + ", the Host header another host");
        }
        return target;
    }

    private static void startTunnel(ChannelHandlerContext ctx, TunnelStart tunnel) {
        ctx.writeAndFlush(Problem.empty(new HttpResponseStatus(200, "Connection established")));
        // Before the bytes that came together with CONNECT, which may have to wait again.
        ctx.channel().config().setAutoRead(true);
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast("tunnel", tunnel);
        pipeline.remove("http");
        if (pipeline.get(HttpAdmission.NAME) != null) {
            pipeline.remove(HttpAdmission.NAME);
        }
        pipeline.remove("encoder");
        // Last, since this hands over the bytes that came together with CONNECT.
        pipeline.remove("decoder");
    }

    /** Answers in place of a server; the request was logged before. */
    void answer(Refusal refusal) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || !ctx.channel().isActive()) {
            return;
        }
        tunnelling = false;
        boolean framingInDoubt = refusal.status() == 400 || refusal.status() == 431;
        boolean stays = keepAlive && !bodyOutstanding && !framingInDoubt;
        keepAlive = stays;
        ChannelFuture written = ctx.writeAndFlush(Problem.of(refusal, stays || stream));
        ended(stays, written);
    }

    /** The present request is answered; {@code lastWrite} is the end of the answer. */
    void ended(boolean stays, ChannelFuture lastWrite) {
        current = null;
        lastAnswer = lastWrite;
        long number = ++answers;
        lastMoved = System.nanoTime();
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (lastWrite.isDone()) {
            held.set(0);
        } else {
            // A client that does not take its answer keeps it here, though nobody waits for it.
            held.set(MemoryLimit.pendingIn(ctx.channel()));
            lastWrite.addListener(_ -> taken(number));
        }
        if (!stays || (door.isLeaving() && !stream)) {
            close(ctx, lastWrite);
        } else if (!draining) {
            drain(ctx);
        }
    }

    private void taken(long answer) {
        if (answer == answers) {
            held.set(0);
            lastMoved = System.nanoTime();
        }
    }

    private void close(ChannelHandlerContext ctx, ChannelFuture lastWrite) {
        closing = true;
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        if (!bodyOutstanding || stream) {
            lastWrite.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        // Closing while the client still sends would reset the connection and could take the answer with it.
        readOn(ctx);
        ctx.executor().schedule(() -> closeAfterAnswer(ctx), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    private void closeAfterAnswer(ChannelHandlerContext ctx) {
        closing = true;
        if (lastAnswer == null || lastAnswer.isDone()) {
            ctx.close();
        } else {
            lastAnswer.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void linger(ChannelHandlerContext ctx, Object message) {
        boolean last = message instanceof LastHttpContent;
        if (message instanceof HttpContent piece) {
            lingeredBytes += piece.content().readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (last || lingeredBytes > LINGER_BYTES_MAX) {
            stopReading();
            closeAfterAnswer(ctx);
        }
    }

    /** Takes nothing more from the client for now. */
    void stopReading() {
        if (context != null) {
            context.channel().config().setAutoRead(false);
        }
        if (decoder != null) {
            decoder.pause();
        }
    }

    /** Reads on for the present exchange, unless requests wait already that it has to finish before. */
    void resumeReading() {
        if (context != null && waiting.isEmpty()) {
            readOn(context);
        }
    }

    private void readOn(ChannelHandlerContext ctx) {
        if (decoder != null) {
            decoder.resume();
        }
        ctx.channel().config().setAutoRead(true);
    }

    private void drain(ChannelHandlerContext ctx) {
        draining = true;
        while (!closing && !waiting.isEmpty() && takes(ctx)) {
            handle(ctx, waiting.poll());
        }
        draining = false;
        if (current != null) {
            current.drained();
        } else if (!stream && !closing && !tunnelling && waiting.isEmpty() && door.isLeaving()) {
            closeAfterAnswer(ctx);
        } else if (tunnelling || !(closing || ctx.channel().isWritable())) {
            stopReading();
        } else {
            resumeReading();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        if (current != null) {
            current.requestReadComplete();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null) {
            current.clientWritability(ctx.channel().isWritable());
        } else if (ctx.channel().isWritable() && !closing && !draining) {
            drain(ctx);
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Door.Leaving.SOON && !stream && current == null && waiting.isEmpty()) {
            if (tunnelling) {
                ctx.close();
            } else {
                stopReading();
                closeAfterAnswer(ctx);
            }
        } else if (event instanceof Http2ResetFrame) {
            // What waits to be read would keep a stream that is over, for as long as nobody reads on.
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (current != null) {
            current.clientGone();
            current = null;
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void tick() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (current != null) {
            current.tick(EXCHANGE_IDLE_NANOS);
            return;
        }
        boolean slowHead = decoder != null && decoder.headPendingNanos() > HEAD_NANOS;
        boolean unsent = lastAnswer != null && !lastAnswer.isDone();
        if (slowHead || System.nanoTime() - lastMoved > (unsent ? EXCHANGE_IDLE_NANOS : KEEP_ALIVE_NANOS)) {
            ctx.close();
        }
    }
}
