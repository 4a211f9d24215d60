package dev.slipway.mitm.wire;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before {@link HttpFront} on TCP. Each request has to show the credentials of a session, always the same one on a connection;
 * the first one that does decides whose the connection is.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpAdmission extends ChannelInboundHandlerAdapter {
    static final String NAME = "admission";
    private static final long DEADLINE_SECONDS = 30;
    private static final long LINGER_SECONDS = 2;

    private final Gatekeeper gatekeeper;
    private final ProxyServices services;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable Door door;
    private @Nullable String admitted;
    private boolean ended;

    private HttpAdmission(Gatekeeper gatekeeper, ProxyServices services) {
        this.gatekeeper = gatekeeper;
        this.services = services;
    }

    /** Ends a pipeline with HTTP/1.1 whose requests have to say whose they are. */
    static void install(ChannelPipeline pipeline, Gatekeeper gatekeeper, ProxyServices services) {
        pipeline.addLast("decoder", new RequestDecoder())
                .addLast("encoder", new ResponseEncoder())
                .addLast(NAME, new HttpAdmission(gatekeeper, services));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            request(ctx, request);
        } else if (door == null && message instanceof Refusal refusal) {
            turnAway(ctx, refusal);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void request(ChannelHandlerContext ctx, HttpRequest request) {
        Door present = door;
        String authorization = request.headers().get(HttpHeaderNames.PROXY_AUTHORIZATION);
        if (present != null
                && authorization != null
                && authorization.equals(admitted)
                && request.headers().getAll(HttpHeaderNames.PROXY_AUTHORIZATION).size() == 1) {
            // The very words that let this connection in; when the door closes, its connections do.
            ctx.fireChannelRead(request);
            return;
        }
        Optional<Door> shown = gatekeeper.admit(ctx.channel(), request);
        if (present == null && shown.isPresent()) {
            welcome(ctx, shown.get(), request);
        } else if (present != null && shown.isPresent() && shown.get() == present) {
            ctx.fireChannelRead(request);
        } else {
            ReferenceCountUtil.release(request);
            if (present == null) {
                turnAway(ctx, Refusal.unauthenticated());
            } else {
                ended = true;
                ctx.fireChannelRead(Refusal.unauthenticated());
            }
        }
    }

    private void welcome(ChannelHandlerContext ctx, Door found, HttpRequest request) {
        if (!found.enter(ctx.channel(), services.memory())) {
            ReferenceCountUtil.release(request);
            Entry.ofNonsense(found, services.log(), "http").refused(Refusal.crowded());
            turnAway(ctx, Refusal.crowded());
            return;
        }
        door = found;
        admitted = request.headers().get(HttpHeaderNames.PROXY_AUTHORIZATION);
        if (deadline != null) {
            deadline.cancel(false);
        }
        ctx.pipeline().addLast("http", HttpFront.ofConnection(found, services, new Arrival.Open()));
        ctx.fireChannelRead(request);
    }

    private void turnAway(ChannelHandlerContext ctx, Refusal refusal) {
        ended = true;
        ctx.executor()
                .schedule(
                        () -> {
                            ctx.writeAndFlush(Problem.of(refusal, false))
                                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                            // What the client still sends is read and dropped for a while: closing at once could take
                            // the answer with it.
                            ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
                        },
                        gatekeeper.delayMillis(ctx.channel()),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
