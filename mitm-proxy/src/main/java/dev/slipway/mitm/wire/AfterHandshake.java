package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Ends an intercepted connection's pipeline with the HTTP version that the handshake agreed on. */
@SuppressWarnings("FutureReturnValueIgnored")
final class AfterHandshake extends ApplicationProtocolNegotiationHandler {
    private static final int STREAMS_MAX = 100;
    private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
    private static final int IDLE_MINUTES = 20;

    private final Door door;
    private final ProxyServices services;
    private final HostPort target;

    AfterHandshake(Door door, ProxyServices services, HostPort target) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.door = door;
        this.services = services;
        this.target = target;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) throws Http2Exception {
        Arrival arrival = new Arrival.Tunnel(target, true);
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
            http2(ctx.pipeline(), arrival);
        } else {
            HttpFront.install(ctx.pipeline(), door, services, arrival);
        }
    }

    void http2(ChannelPipeline pipeline, Arrival arrival) throws Http2Exception {
        pipeline.addLast(new IdleStateHandler(0, 0, IDLE_MINUTES, TimeUnit.MINUTES) {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
                if (event == Door.Leaving.SOON) {
                    // The client opens no further stream and closes when the present ones have ended (RFC 9113, 6.8).
                    Http2FrameCodec codec = ctx.pipeline().get(Http2FrameCodec.class);
                    ctx.pipeline().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
                    if (codec.connection().numActiveStreams() == 0) {
                        ctx.close();
                    }
                } else {
                    super.userEventTriggered(ctx, event);
                }
            }

            @Override
            protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
                ctx.close();
            }
        });
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS_MAX)
                        .initialWindowSize(StreamConnection.STREAM_WINDOW_BYTES)
                        .maxHeaderListSize(RequestHead.BYTES_MAX))
                .build();
        pipeline.addLast(codec);
        StreamConnection.enlargeWindow(codec, CONNECTION_WINDOW_BYTES);
        SmallPieces pieces = new SmallPieces();
        pipeline.addLast(pieces);
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                Http2StreamChannel channel = (Http2StreamChannel) stream;
                pieces.watch(channel);
                stream.pipeline()
                        .addLast(new StreamHead(
                                door,
                                services,
                                target,
                                () -> pieces.taken(channel.stream().id())))
                        .addLast(new StreamCodec())
                        .addLast("http", HttpFront.ofStream(door, services, arrival));
                endWith(pipeline.channel(), stream);
            }
        }));
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                // The codec has told the client what is wrong with its frames, and takes leave.
                ctx.close();
            }
        });
    }

    /** A stream that is not read at the moment does not hear by itself that its connection has ended, and would wait for ever. */
    private static void endWith(Channel connection, Channel stream) {
        ChannelFutureListener ended = _ -> stream.close();
        connection.closeFuture().addListener(ended);
        stream.closeFuture().addListener(_ -> connection.closeFuture().removeListener(ended));
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
        Entry.ofTunnel(door, services.log(), "https", target)
                .refused(Refusal.badRequest(
                        "the client broke off the TLS handshake; does it trust the proxy's authority?"));
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
