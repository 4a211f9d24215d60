package dev.slipway.gateway.wire;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a client's connection, which every request on it is asked about.
 *
 * @param address its address; null if it has none, as in a test without sockets
 * @param digits the address as logs and services are told it; {@code -} if it has none
 * @param tls whether the connection itself is encrypted
 */
public record Peer(@Nullable InetAddress address, String digits, boolean tls) {
    /** Of a connection, or of a stream of HTTP/2, whose pipeline is complete. */
    public static Peer of(Channel channel) {
        Channel connection = channel.parent() instanceof SocketChannel parent ? parent : channel;
        InetAddress address =
                channel.remoteAddress() instanceof InetSocketAddress internet ? internet.getAddress() : null;
        return new Peer(
                address,
                address == null ? "-" : address.getHostAddress(),
                connection.pipeline().get(SslHandler.class) != null);
    }
}
