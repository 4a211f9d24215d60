package dev.slipway.gateway.door;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Puts an {@link EdgeHandler} behind the codec of each connection. */
@Singleton
class EdgeInstaller implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
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

        @Override
        public void onStreamPipelineBuilt() {
            if (connection == null) {
                return;
            }
            ChannelPipeline pipeline = connection.pipeline();
            HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
            if (codec == null) {
                throw new IllegalStateException("pipeline: no HTTP/1.1 codec in " + pipeline.names());
            }
            pipeline.addAfter(pipeline.context(codec).name(), "slipway-edge", new EdgeHandler(doorkeeper.get()));
        }
    }
}
