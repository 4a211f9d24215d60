package dev.slipway.mitm.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Does in a test what agent's relay does in a sandbox: a port on loopback that leads to the session's socket. */
public final class TcpToDoor implements AutoCloseable {
    private final ServerSocket listener;
    private final Path socket;

    public TcpToDoor(Path socket) throws IOException {
        this.listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        this.socket = socket;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                SocketChannel door = SocketChannel.open(StandardProtocolFamily.UNIX);
                door.connect(UnixDomainSocketAddress.of(socket));
                Thread.ofPlatform().daemon().start(() -> copy(client, door, true));
                Thread.ofPlatform().daemon().start(() -> copy(client, door, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void copy(Socket client, SocketChannel door, boolean up) {
        try (client;
                door) {
            InputStream in = up ? client.getInputStream() : Channels.newInputStream(door);
            OutputStream out = up ? Channels.newOutputStream(door) : client.getOutputStream();
            in.transferTo(out);
        } catch (IOException ended) {
            // Either side closed: try-with-resources tells the other one.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
