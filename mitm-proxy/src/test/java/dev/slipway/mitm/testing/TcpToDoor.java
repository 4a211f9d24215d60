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
    private static final int ATTEMPTS = 400;

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
                Thread.ofPlatform().daemon().start(() -> relay(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void relay(Socket client) {
        try {
            SocketChannel door = knock();
            Thread.ofPlatform().daemon().start(() -> copy(client, door, true));
            copy(client, door, false);
        } catch (IOException | InterruptedException gone) {
            closeQuietly(client);
        }
    }

    /** A Unix socket whose queue is full refuses at once, where TCP would let the caller wait. */
    private SocketChannel knock() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            SocketChannel door = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                door.connect(UnixDomainSocketAddress.of(socket));
                return door;
            } catch (IOException busy) {
                door.close();
                if (attempt == ATTEMPTS) {
                    throw busy;
                }
                Thread.sleep(5);
            }
        }
    }

    private static void closeQuietly(Socket client) {
        try {
            client.close();
        } catch (IOException closed) {
            // It is gone either way.
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
