package dev.slipway.container.upgrade;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Puts an {@link UpgradeHandler} behind the codec of each connection. */
@Singleton
final class UpgradeInstaller implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final Provider<UpgradeGate> gate;

    UpgradeInstaller(Provider<UpgradeGate> gate) {
        this.gate = gate;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new Customizer(gate, null));
        return registry;
    }

    private record Customizer(
            Provider<UpgradeGate> gate, @Nullable Channel connection) implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(gate, channel);
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
            pipeline.addAfter(pipeline.context(codec).name(), "slipway-upgrade", new UpgradeHandler(gate.get()));
        }
    }
}
