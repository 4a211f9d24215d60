package dev.slipway.gateway.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The end of an upstream connection's pipeline: hands everything to its listener, and closes what speaks unasked. */
final class UpstreamHandler extends ChannelInboundHandlerAdapter {
    private @Nullable UpstreamListener listener;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;
    private boolean watching;
    private long dueNanos;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    void serve(@Nullable UpstreamListener next) {
        listener = next;
        watching = false;
    }

    /**
     * The listener is told once this much time has passed, if it is still served then. The timer stays for those that come after it:
     * nearly all are answered long before, and one for each would be made and cancelled some ten thousand times a second.
     */
    void watch(long nanos) {
        watching = true;
        dueNanos = System.nanoTime() + nanos;
        ScheduledFuture<?> present = timer;
        if (present == null) {
            lookAt(dueNanos);
        } else if (timerNanos - dueNanos > 0) {
            present.cancel(false);
            lookAt(dueNanos);
        }
    }

    private void lookAt(long atNanos) {
        ChannelHandlerContext here = context;
        if (here != null) {
            timerNanos = atNanos;
            timer = here.executor().schedule(this::look, atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        timer = null;
        UpstreamListener served = listener;
        if (!watching || served == null) {
            return;
        }
        if (dueNanos - System.nanoTime() > 0) {
            lookAt(dueNanos);
        } else {
            watching = false;
            served.upstreamOverdue();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        if (listener == null) {
            ReferenceCountUtil.release(part);
            ctx.close();
        } else {
            listener.upstreamReceived(part);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.upstreamReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.upstreamWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
        UpstreamListener last = listener;
        listener = null;
        if (last != null) {
            last.upstreamGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
