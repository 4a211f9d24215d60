package dev.slipway.container.preview;

import dev.slipway.container.agent.AgentLine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;

/** Joins a connection with a port in a sandbox: bytes both ways, each side read only as fast as the other takes. */
final class PreviewSocket extends ChannelInboundHandlerAdapter {
    private static final int BUFFER = 16 * 1024;
    private static final byte[] END = new byte[0];

    private final AgentLine line;
    private final LinkedBlockingQueue<byte[]> inward = new LinkedBlockingQueue<>();

    private PreviewSocket(AgentLine line) {
        this.line = line;
    }

    static void join(ChannelHandlerContext context, AgentLine line) {
        Channel client = context.channel();
        PreviewSocket socket = new PreviewSocket(line);
        client.pipeline().addLast("preview", socket);
        client.pipeline().remove(HttpServerCodec.class);
        Thread.ofVirtual().name("preview-in").start(() -> socket.sendAll(client));
        Thread.ofVirtual().name("preview-out").start(() -> socket.receiveAll(client));
        client.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof ByteBuf bytes && bytes.isReadable()) {
                inward.add(ByteBufUtil.getBytes(bytes));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inward.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** More is read from the client when this much is written. */
    private void sendAll(Channel client) {
        try {
            for (byte[] next = inward.take(); next.length > 0; next = inward.take()) {
                line.output().write(next);
                if (inward.isEmpty()) {
                    client.read();
                }
            }
        } catch (IOException _) {
            client.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            line.close();
        }
    }

    private void receiveAll(Channel client) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = line.input().read(buffer);
                    count >= 0;
                    count = line.input().read(buffer)) {
                client.writeAndFlush(Unpooled.copiedBuffer(buffer, 0, count)).await();
            }
        } catch (IOException _) {
            // Either side has ended it, which is told to the other below.
            line.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
