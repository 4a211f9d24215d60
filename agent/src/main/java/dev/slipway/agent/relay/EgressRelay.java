package dev.slipway.agent.relay;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * Listens on the loopback interface and joins every connection with a new one to the egress socket.
 *
 * <p>It knows no protocol: who is calling follows from the socket, and what may pass is the proxy's to say. Only when the proxy cannot
 * be reached does it answer itself, so that a client fails at once instead of waiting.
 */
public final class EgressRelay implements AutoCloseable {
    /** Connections at once. Beyond it new ones wait in the listen queue of the kernel, then time out at the client. */
    private static final int CONNECTIONS_MAX = 512;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final byte SOCKS5_VERSION = 5;

    private final ServerSocketChannel server;
    private final UnixDomainSocketAddress egress;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);

    private EgressRelay(ServerSocketChannel server, Path egressSocket) {
        this.server = server;
        this.egress = UnixDomainSocketAddress.of(egressSocket);
    }

    /**
     * Begins to listen.
     *
     * @param port 0 for any free one
     */
    public static EgressRelay start(int port, Path egressSocket) throws IOException {
        var server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), CONNECTIONS_MAX);
        var relay = new EgressRelay(server, egressSocket);
        Thread.ofVirtual().name("relay-accept").start(relay::acceptAll);
        return relay;
    }

    /** The port that it listens on. */
    public int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                free.acquire();
                SocketChannel client = server.accept();
                // What comes in pieces would wait for the client to acknowledge each, which it does after 40 ms.
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread.ofVirtual().name("relay").start(() -> {
                    try {
                        serve(client);
                    } finally {
                        free.release();
                    }
                });
            } catch (ClosedChannelException _) {
                return;
            } catch (InterruptedException _) {
                return;
            } catch (IOException e) {
                // Out of file handles, most likely: what runs here may take them all. Others may be closed meanwhile.
                free.release();
                Log.warn("relay cannot accept", "error", e.getMessage());
                pause();
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            SocketChannel proxy;
            try {
                proxy = SocketChannel.open(egress);
            } catch (IOException e) {
                refuse(client);
                return;
            }
            try (proxy) {
                join(client, proxy);
            }
        } catch (IOException e) {
            // Either side broke the connection; the other one has been closed with it, which is all it can be told.
            return;
        }
    }

    /** Pipes both ways until both sides have said that they are done, or one of them breaks. */
    private static void join(SocketChannel client, SocketChannel proxy) throws IOException {
        Thread answers = Thread.ofVirtual().name("relay-answers").start(() -> pipeOrBreak(proxy, client));
        pipeOrBreak(client, proxy);
        try {
            answers.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pipeOrBreak(SocketChannel from, SocketChannel to) {
        try {
            pipe(from, to);
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void pipe(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
        to.shutdownOutput();
    }

    /** The proxy is away: an HTTP client is told so; a SOCKS client has no words for it yet and is closed. */
    private static void refuse(SocketChannel client) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(BUFFER_BYTES);
        if (client.read(first) <= 0 || first.get(0) == SOCKS5_VERSION) {
            return;
        }
        byte[] body = """
                {"type":"https://slipway.dev/problems/bad-gateway","title":"Bad Gateway","status":502,\
                "detail":"The egress proxy of this sandbox cannot be reached right now; try again."}
                """.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/problem+json\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer answer = ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .flip();
        while (answer.hasRemaining()) {
            client.write(answer);
        }
        client.shutdownOutput();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            Log.warn("relay cannot close a connection", "error", e.getMessage());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
