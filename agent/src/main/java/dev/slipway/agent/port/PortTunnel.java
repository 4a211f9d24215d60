package dev.slipway.agent.port;

import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;

/** Joins a connection of the agent's socket with one to a port on the loopback interface, byte by byte. */
public final class PortTunnel {
    /** At once; more are refused. */
    private static final int TUNNELS_MAX = 128;

    private static final int BUFFER_BYTES = 16 * 1024;

    private final int ownPort;
    private final Semaphore free = new Semaphore(TUNNELS_MAX);

    /** @param ownPort of the relay, which is the sandbox's way out and no server of anybody's */
    public PortTunnel(int ownPort) {
        this.ownPort = ownPort;
    }

    /** How many are open. */
    public int open() {
        return TUNNELS_MAX - free.availablePermits();
    }

    /**
     * A tunnel to that port.
     *
     * @throws Problem 502 if nothing listens there
     */
    public HttpResponse to(int port) throws IOException {
        if (port < 1 || port > 65_535 || port == ownPort) {
            throw Problem.of(404, "There is no such port to be seen.");
        }
        if (!free.tryAcquire()) {
            throw Problem.retryLater("Too many connections into this sandbox are open.");
        }
        SocketChannel server;
        try {
            server = connect(port);
        } catch (IOException _) {
            free.release();
            throw Problem.of(502, "Nothing in the sandbox listens on port " + port + ".");
        }
        return new HttpResponse.Switched("tcp", (in, out, client) -> {
            try (server) {
                join(in, out, client, server);
            } finally {
                free.release();
            }
        });
    }

    private static SocketChannel connect(int port) throws IOException {
        SocketChannel server;
        try {
            server = SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        } catch (IOException _) {
            server = SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral("::1"), port));
        }
        // What comes in pieces is passed on in pieces, not held back until the one before is acknowledged.
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return server;
    }

    /** Until both sides have said that they are done, or one of them breaks. */
    private static void join(InputStream in, OutputStream out, SocketChannel client, SocketChannel server)
            throws IOException, InterruptedException {
        Thread answers = Thread.ofVirtual().name("tunnel-answers").start(() -> {
            try {
                ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
                while (server.read(buffer) >= 0) {
                    out.write(buffer.array(), 0, buffer.position());
                    buffer.clear();
                }
                client.shutdownOutput();
            } catch (IOException _) {
                close(client, server);
            }
        });
        try {
            byte[] buffer = new byte[BUFFER_BYTES];
            int count;
            while ((count = in.read(buffer)) >= 0) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    server.write(bytes);
                }
            }
            server.shutdownOutput();
        } catch (IOException _) {
            close(client, server);
        }
        answers.join();
    }

    private static void close(SocketChannel client, SocketChannel server) {
        try (client;
                server) {
            return;
        } catch (IOException _) {
            return; // closed is closed
        }
    }
}
