package dev.slipway.e2e;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between container-service and its engine and lets everything through, but for the calls that it is to hold: before the engine
 * sees them, or when it has done them and the answer is on its way. So a test knows where in its work the service is.
 */
final class EngineGate implements AutoCloseable {
    /** What becomes of a call. */
    enum Hold {
        /** The engine never hears of it. */
        BEFORE_AND_LOSE,
        /** The engine hears of it when the gate opens, whether the caller still lives or not. */
        BEFORE_AND_DELIVER,
        /** The engine does it; the answer waits until the gate opens. */
        AFTER
    }

    private record Rule(String name, Predicate<String> call, Hold hold) {}

    private static final Path ENGINE = Path.of("/var/run/docker.sock");
    private static final int CHUNK = 64 * 1024;

    private final Path socket;
    private final ServerSocketChannel server;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final CountDownLatch open = new CountDownLatch(1);

    private EngineGate(Path socket, ServerSocketChannel server) {
        this.socket = socket;
        this.server = server;
    }

    /** A gate at {@code folder}, whose path must be short. */
    static EngineGate at(Path folder) {
        try {
            Path socket = folder.resolve("gate.sock");
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            EngineGate gate = new EngineGate(socket, server);
            Thread.ofVirtual().start(gate::accept);
            return gate;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As {@code DOCKER_HOST} has it. */
    String address() {
        return "unix://" + socket;
    }

    /** Holds the first call whose line ({@code POST /containers/…}) is so, until {@link #open}. */
    void hold(String name, Predicate<String> call, Hold hold) {
        rules.add(new Rule(name, call, hold));
    }

    /** The names of what is held now. */
    Set<String> held() {
        return Set.copyOf(held);
    }

    /** From now on nothing is held. */
    void open() {
        rules.clear();
        open.countDown();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel caller = server.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(SocketChannel caller) {
        try (caller;
                SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(ENGINE))) {
            BlockingQueue<String> answered = new LinkedBlockingQueue<>();
            Thread answers = Thread.ofVirtual().start(() -> answers(engine, caller, answered));
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            while (caller.read(chunk) >= 0) {
                chunk.flip();
                Rule rule = matching(chunk);
                if (rule != null && rule.hold() == Hold.AFTER) {
                    answered.add(rule.name());
                } else if (rule != null) {
                    held.add(rule.name());
                    open.await();
                    if (rule.hold() == Hold.BEFORE_AND_LOSE) {
                        return;
                    }
                }
                write(engine, chunk);
                chunk.clear();
            }
            engine.shutdownOutput();
            answers.join();
        } catch (IOException _) {
            // One of the two has gone, and so does this connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes answers on; that to a call that is held when it is done, not before the gate opens. */
    private void answers(SocketChannel engine, SocketChannel caller, BlockingQueue<String> hold) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        try {
            while (engine.read(chunk) >= 0) {
                String name = hold.poll();
                if (name != null) {
                    held.add(name);
                    open.await();
                }
                chunk.flip();
                write(caller, chunk);
                chunk.clear();
            }
            caller.shutdownOutput();
        } catch (IOException _) {
            // As above.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Rule matching(ByteBuffer chunk) {
        if (rules.isEmpty()) {
            return null;
        }
        String line = StandardCharsets.ISO_8859_1
                .decode(chunk.duplicate())
                .toString()
                .lines()
                .findFirst()
                .orElse("");
        boolean isCall = line.endsWith(" HTTP/1.1");
        Rule first = rules.stream()
                .filter(rule -> isCall && rule.call().test(line))
                .findFirst()
                .orElse(null);
        return first != null && rules.remove(first) ? first : null;
    }

    private static void write(SocketChannel to, ByteBuffer chunk) throws IOException {
        while (chunk.hasRemaining()) {
            to.write(chunk);
        }
    }

    @Override
    public void close() {
        open();
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
