package dev.slipway.mitm.door;

import dev.slipway.mitm.wire.Door;
import dev.slipway.mitm.wire.FirstBytes;
import dev.slipway.mitm.wire.Gatekeeper;
import dev.slipway.mitm.wire.ProxyServices;
import dev.slipway.mitm.wire.Transport;
import dev.slipway.mitm.wire.Visitor;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The one TCP port through which all sessions of this proxy may go as well, each with its own token. */
public final class TcpEntrance implements AutoCloseable {
    private static final int BACKLOG = 1_024;

    private final Channel listener;

    /**
     * Listens on this address; port 0 takes a free one.
     *
     * @throws IllegalStateException if the address cannot be listened on
     */
    public TcpEntrance(
            InetSocketAddress address, Doors doors, DoorTokens tokens, Transport transport, ProxyServices services) {
        Gatekeeper gatekeeper = new Gatekeeper((session, token) -> admitted(doors, tokens, session, token));
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.loops())
                .channelFactory(transport.tcpServer())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, Transport.ALLOCATOR)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Transport.WAITING)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("first", new FirstBytes(new Visitor.Stranger(gatekeeper), services));
                    }
                });
        transport.tcpOptions(bootstrap::childOption);
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalStateException(
                    "slipway.proxy.tcp.address: " + address + " cannot be listened on", bound.cause());
        }
        this.listener = bound.channel();
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** A token is made for an unknown session too, so that the time says nothing about which sessions there are. */
    private static Optional<Door> admitted(Doors doors, DoorTokens tokens, String session, String token) {
        Optional<Door> door = doors.find(session);
        boolean fits = tokens.isOf(session, door.map(Door::projectId).orElse(""), token);
        return fits ? door : Optional.empty();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
    }
}
