package dev.slipway.mitm.wire;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * The kind of sockets that this machine has: epoll where the native library loads, the JDK's otherwise.
 *
 * @param loops what all channels of the proxy run on, both legs of an exchange on the same one
 */
public record Transport(EventLoopGroup loops, boolean epoll) implements AutoCloseable {
    /** A transport with this many event loops. */
    public static Transport open(int loops) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new Transport(new MultiThreadIoEventLoopGroup(loops, io), epoll);
    }

    ChannelFactory<SocketChannel> client() {
        return epoll ? EpollSocketChannel::new : NioSocketChannel::new;
    }

    /** Listens on Unix domain sockets. */
    public ChannelFactory<ServerChannel> unixServer() {
        return epoll ? EpollServerDomainSocketChannel::new : NioServerDomainSocketChannel::new;
    }

    /** Listens on TCP. */
    public ChannelFactory<ServerChannel> tcpServer() {
        return epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    }

    /** The address of a Unix domain socket, as this transport wants it. */
    public SocketAddress unixAddress(Path socket) {
        return epoll ? new DomainSocketAddress(socket.toString()) : UnixDomainSocketAddress.of(socket);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
