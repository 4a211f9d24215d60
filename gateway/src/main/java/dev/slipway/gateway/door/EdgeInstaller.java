package dev.slipway.gateway.door;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.flow.FlowControlHandler;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts an {@link EdgeHandler} behind the codec of each connection, and of each stream of HTTP/2. */
@Singleton
class EdgeInstaller implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private static final Duration FIRST_REQUEST_WITHIN = Duration.ofSeconds(30);

    private final Provider<Doorkeeper> doorkeeper;

    EdgeInstaller(Provider<Doorkeeper> doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new Customizer(doorkeeper, null));
        return registry;
    }

    private record Customizer(
            Provider<Doorkeeper> doorkeeper, @Nullable Channel connection) implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(doorkeeper, channel);
        }

        /** Before it is known which protocol a client speaks. It must begin to within a while. */
        @Override
        public void onInitialPipelineBuilt() {
            Channel channel = Objects.requireNonNull(connection);
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            Duration within = doorkeeper.get().connections().headWithin();
            long millis = Math.min(within.toMillis(), FIRST_REQUEST_WITHIN.toMillis());
            channel.eventLoop().schedule(() -> closeIfSilent(channel), millis, TimeUnit.MILLISECONDS);
        }

        private static void closeIfSilent(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            boolean began =
                    pipeline.get(EdgeHandler.class) != null || pipeline.get(Http2ConnectionHandler.class) != null;
            if (!began) {
                channel.close();
            }
        }

        @Override
        public void onStreamPipelineBuilt() {
            ChannelPipeline pipeline = Objects.requireNonNull(connection).pipeline();
            ChannelHandler codec = pipeline.get(FlowControlHandler.class);
            if (codec == null) {
                codec = pipeline.get(HttpServerCodec.class);
            }
            if (codec == null) {
                throw new IllegalStateException("pipeline: no codec in " + pipeline.names());
            }
            pipeline.addAfter(pipeline.context(codec).name(), "slipway-edge", new EdgeHandler(doorkeeper.get()));
        }
    }
}
