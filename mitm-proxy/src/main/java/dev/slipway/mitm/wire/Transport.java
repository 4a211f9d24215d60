package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
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
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.internal.PlatformDependent;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * The kind of sockets that this machine has: epoll where the native library loads, io_uring where the operator wants it and the kernel
 * offers it (docs/adr/0028), the JDK's otherwise.
 *
 * @param loops what all channels of the proxy run on, both legs of an exchange on the same one
 */
public record Transport(EventLoopGroup loops, Kind kind) implements AutoCloseable {
    /**
     * How many buffers of a size a thread keeps to itself, which it then hands out in turn: with Netty's 64, a megabyte and more of each
     * size is gone through, and a core's cache holds none of it any more.
     */
    private static final int KEPT_BY_THREAD = 8;

    /**
     * What all channels take their buffers from. Buffers live for one pass here, and with hundreds of bodies at once an arena for each
     * event loop hands the same ones out again, which Netty's adaptive allocator does less.
     */
    public static final ByteBufAllocator ALLOCATOR = new PooledByteBufAllocator(
            PlatformDependent.directBufferPreferred(),
            PooledByteBufAllocator.defaultNumHeapArena(),
            PooledByteBufAllocator.defaultNumDirectArena(),
            PooledByteBufAllocator.defaultPageSize(),
            PooledByteBufAllocator.defaultMaxOrder(),
            PooledByteBufAllocator.defaultSmallCacheSize(),
            KEPT_BY_THREAD,
            PooledByteBufAllocator.defaultUseCacheForAllThreads());

    /** What is gathered for a client before it is sent, and what waits for a slow one: some records of TLS at a time. */
    static final int WAITING_BYTES_MAX = 128 * 1024;

    /** For connections from clients. */
    public static final WriteBufferWaterMark WAITING =
            new WriteBufferWaterMark(WAITING_BYTES_MAX / 2, WAITING_BYTES_MAX);

    /**
     * What is read from a server at once, at most: with Netty's own 64 KB a large body takes a seventh more of the processor, since each read
     * also makes the kernel acknowledge what was taken. A buffer gets larger only where the one before was filled.
     */
    static final int READ_BYTES_MAX = 128 * 1024;

    private static final int READ_BYTES_MIN = 64;
    private static final int READ_BYTES_FIRST = 2048;
    private static final int READS_MAX = 16;

    /** For connections to servers. */
    static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(
                    READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX)
            .maxMessagesPerRead(READS_MAX);

    private static final IntegerUnixChannelOption TCP_NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);
    /**
     * How much may wait in the kernel for a slow peer, besides what is under way to it. Unlimited, that is 4 MB a connection: with
     * hundreds of bodies at once no cache holds that, and the kernel's memory for all of TCP gets short.
     */
    private static final int UNSENT_BYTES_MAX = 64 * 1024;

    /** Takes a channel's option. */
    @FunctionalInterface
    public interface Options {
        /** Sets it on channels that are made from now on. */
        void set(ChannelOption<Integer> option, Integer value);
    }

    /** Whether options of the system's sockets can be set that the JDK does not know. */
    boolean hasSocketOptions() {
        return kind != Kind.NIO;
    }

    /** What TCP connections are made with, either way. */
    public void tcpOptions(Options options) {
        if (hasSocketOptions()) {
            options.set(TCP_NOTSENT_LOWAT, UNSENT_BYTES_MAX);
        }
    }

    /** How the proxy waits for sockets, and reads and writes them. */
    public enum Kind {
        EPOLL,
        IO_URING,
        NIO;

        /** Whether it can be had here. */
        public boolean isAvailable() {
            return switch (this) {
                case EPOLL -> Epoll.isAvailable();
                case IO_URING -> IoUring.isAvailable();
                case NIO -> true;
            };
        }

        private IoHandlerFactory handlers() {
            return switch (this) {
                case EPOLL -> EpollIoHandler.newFactory();
                case IO_URING -> IoUringIoHandler.newFactory();
                case NIO -> NioIoHandler.newFactory();
            };
        }
    }

    /** A transport with this many event loops, of the wanted kind if there is one, else of the next best. */
    public static Transport open(int loops, Kind wanted) {
        Kind kind = wanted.isAvailable() ? wanted : Kind.EPOLL.isAvailable() ? Kind.EPOLL : Kind.NIO;
        return new Transport(new MultiThreadIoEventLoopGroup(loops, kind.handlers()), kind);
    }

    ChannelFactory<SocketChannel> client() {
        return switch (kind) {
            case EPOLL -> EpollSocketChannel::new;
            case IO_URING -> IoUringSocketChannel::new;
            case NIO -> NioSocketChannel::new;
        };
    }

    /** Listens on Unix domain sockets. */
    public ChannelFactory<ServerChannel> unixServer() {
        return switch (kind) {
            case EPOLL -> EpollServerDomainSocketChannel::new;
            case IO_URING -> IoUringServerDomainSocketChannel::new;
            case NIO -> NioServerDomainSocketChannel::new;
        };
    }

    /** Listens on TCP. */
    public ChannelFactory<ServerChannel> tcpServer() {
        return switch (kind) {
            case EPOLL -> EpollServerSocketChannel::new;
            case IO_URING -> IoUringServerSocketChannel::new;
            case NIO -> NioServerSocketChannel::new;
        };
    }

    /** The address of a Unix domain socket, as this transport wants it. */
    public SocketAddress unixAddress(Path socket) {
        return kind == Kind.NIO ? UnixDomainSocketAddress.of(socket) : new DomainSocketAddress(socket.toString());
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
