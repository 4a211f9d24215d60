package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that takes nothing stops the other one: what waits for it, in whichever form, stays small and is counted. */
@NullMarked
@Timeout(60)
class BackPressureTest {
    private static final String HOST = "api.example.com";
    private static final String RAW_HOST = "db.example.com";
    private static final int ANSWER_BYTES = 60_000;

    @Test
    void whoTakesNoAnswersGetsNoFurtherRequestsServed() throws Exception {
        int requests = 400;
        String body = "x".repeat(ANSWER_BYTES);
        try (Origin origin = Origin.plain((head, in, out) -> {
                    String answer = "HTTP/1.1 200 OK\r\nX-Number: "
                            + head.target().substring(1) + "\r\nContent-Length: " + ANSWER_BYTES + "\r\n\r\n" + body;
                    out.write(answer.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    return true;
                });
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                        .allowing(HOST)
                        .start();
                SocketChannel client = connected(proxy)) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < requests; i++) {
                all.append("GET http://" + HOST + "/" + i + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
            }
            Thread asking = Thread.ofVirtual().start(() -> writeAll(client, all.toString()));

            int served = settled(origin);
            long held = proxy.services().memory().held();

            assertThat(served).as("requests that were served unread").isBetween(2, 20);
            assertThat(held)
                    .as("what waits, counted")
                    .isBetween(
                            (long) MemoryLimit.CONNECTION_BYTES + 1,
                            MemoryLimit.CONNECTION_BYTES + 2 * MemoryLimit.REQUEST_BYTES);
            assertThat(numbers(client, requests)).isEqualTo(firstNumbers(requests));
            asking.join(Duration.ofSeconds(10));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(proxy.services().memory().held()).isEqualTo(MemoryLimit.CONNECTION_BYTES));
        }
    }

    @Test
    void aRefusalThatNobodyReadsStopsTheNextOne() throws Exception {
        int requests = 5_000;
        try (RunningProxy proxy = new RunningProxy.Builder().start();
                SocketChannel client = connected(proxy)) {
            String request = "GET http://" + HOST + "/ HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
            Thread asking = Thread.ofVirtual().start(() -> writeAll(client, request.repeat(requests)));

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                int before = proxy.records().size();
                Thread.sleep(700);
                return before > 0 && proxy.records().size() == before;
            });

            assertThat(proxy.records()).hasSizeLessThan(requests / 2);
            assertThat(count(client, "HTTP/1.1 403 ", requests)).isEqualTo(requests);
            asking.join(Duration.ofSeconds(10));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(proxy.services().memory().held()).isEqualTo(MemoryLimit.CONNECTION_BYTES));
        }
    }

    @Test
    void requestsThatNobodyTakesYetStayBytes() {
        RequestDecoder decoder = new RequestDecoder();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.config().setAutoRead(false);
        String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

        decoder.pause();
        channel.writeInbound(Unpooled.copiedBuffer(request.repeat(1_000), StandardCharsets.US_ASCII));
        assertThat(channel.inboundMessages()).isEmpty();

        decoder.resume();
        channel.runPendingTasks();
        assertThat(requestsIn(channel)).isEqualTo(1_000);

        decoder.pause();
        decoder.resume();
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
        assertThat(requestsIn(channel)).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void whatHasGatheredIsSentBeforeTheOtherSideStops() {
        EmbeddedChannel side = new EmbeddedChannel();
        side.config().setWriteBufferWaterMark(Transport.WAITING);
        side.write(Unpooled.wrappedBuffer(new byte[Transport.WAITING_BYTES_MAX + 1]));
        assertThat(side.isWritable()).isFalse();

        assertThat(Exchange.takesMore(side)).isTrue();

        ByteBuf sent = side.readOutbound();
        assertThat(sent.readableBytes()).isEqualTo(Transport.WAITING_BYTES_MAX + 1);
        sent.release();
        side.finishAndReleaseAll();
    }

    /** However much a client has to say, it waits with it until there is somebody to hear it. */
    @ParameterizedTest
    @CsvSource({
        "SOCKS, false",
        "SOCKS, true",
        "CONNECT, false",
        "CONNECT, true",
        "pass-through, false",
        "pass-through, true"
    })
    void whileATunnelIsBeingOpenedTheClientWaits(String how, boolean atOnce) throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(RAW_HOST + "=http://127.0.0.1:" + deaf.getLocalPort()
                                + ",pinned.example.com=https://127.0.0.1:" + deaf.getLocalPort())
                        .allowing(RAW_HOST + ":3306", "pinned.example.com")
                        .passing("pinned.example.com")
                        .start();
                SocketChannel client = connected(proxy)) {
            List<SocketChannel> queue = fill(deaf);
            if (how.equals("SOCKS")) {
                writeAll(client, "\5\1\0");
                read(client, 2);
                String wanted = "\5\1\0\3" + (char) RAW_HOST.length() + RAW_HOST + "\14\352";
                writeAll(client, atOnce ? wanted + "\0\0\0\0" : wanted);
                read(client, 10);
                writeAll(client, "\0\0\0\0");
            } else {
                String target = how.equals("CONNECT") ? RAW_HOST + ":3306" : "pinned.example.com:443";
                String wanted = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
                String first = how.equals("CONNECT") ? "\0\0\0\0" : hello();
                writeAll(client, atOnce ? wanted + first : wanted);
                read(client, 39);
                writeAll(client, first);
            }

            assertThat(writableWithin(client, 16 << 20, Duration.ofSeconds(2)))
                    .as("bytes taken before there is a server to take them")
                    .isLessThan(1 << 20);

            for (SocketChannel waiting : queue) {
                waiting.close();
            }
        }
    }

    /** One byte each, to a server that takes none of them: the window lets a million in, each of which would take a hundred bytes. */
    @Test
    void smallPiecesThatNobodyTakesTakeLittleMore() throws Exception {
        int pieces = 400_000;
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=https://127.0.0.1:" + silent.getLocalPort())
                        .allowing(HOST)
                        .start();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.tcpPort());
                SSLSocket client = http2(proxy, plain)) {
            long before = heapUsed();

            OutputStream out = request(client);
            pieces(out, pieces);
            // What comes next has passed the pieces on their way.
            frame(out, 6, 0, 0, new byte[8]);
            out.flush();
            awaitFrame(client.getInputStream(), 6, 1);

            assertThat(heapUsed() - before).as("bytes of heap").isLessThan(15L << 20);
        }
    }

    /** The client says nothing after them, and waits for what the server has to say. */
    @Test
    void smallPiecesThatWaitedForTheServerAreSentToIt(@TempDir Path folder) throws Exception {
        TestOriginCertificates certificates = new TestOriginCertificates(folder);
        try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningProxy proxy = new RunningProxy.Builder()
                        .trusting(certificates)
                        .upstreams(HOST + "=https://127.0.0.1:" + slow.getLocalPort())
                        .allowing(HOST)
                        .start();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.tcpPort());
                SSLSocket client = http2(proxy, plain)) {
            OutputStream out = request(client);
            pieces(out, 4);

            try (Socket accepted = slow.accept()) {
                Thread.sleep(700);
                SSLSocket server = (SSLSocket) certificates
                        .serverOf(HOST)
                        .getSocketFactory()
                        .createSocket(accepted, HOST, slow.getLocalPort(), true);
                server.setUseClientMode(false);
                server.setSoTimeout(10_000);
                StringBuilder seen = new StringBuilder();
                while (seen.chars().filter(c -> c < 4).count() < 4) {
                    seen.append((char) server.getInputStream().read());
                }
                server.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntaken"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(body(client.getInputStream())).isEqualTo("taken");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void smallPiecesThatAreTakenLateArriveInOrder(boolean trailers) throws Exception {
        int pieces = 40_000;
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        try (Origin origin = Origin.plain((head, in, out) -> {
                    Thread.sleep(500);
                    arrived.complete(Origin.drainBody(head, in));
                    return Origin.text("taken").answer(new Origin.Head("POST / HTTP/1.1", List.of()), in, out);
                });
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                        .allowing(HOST)
                        .start();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.tcpPort());
                SSLSocket client = http2(proxy, plain)) {
            OutputStream out = request(client);
            pieces(out, pieces);
            if (trailers) {
                frame(out, 1, 5, 1, "\0\1t\1v".getBytes(StandardCharsets.ISO_8859_1));
            } else {
                frame(out, 0, 1, 1, new byte[] {'e'});
            }
            out.flush();

            assertThat(body(client.getInputStream())).isEqualTo("taken");
            byte[] body = arrived.get(1, TimeUnit.SECONDS);
            assertThat(body).hasSize(trailers ? pieces : pieces + 1);
            for (int i = 0; i < pieces; i++) {
                assertThat(body[i]).as("byte %d", i).isEqualTo((byte) i);
            }
        }
    }

    /** Begins a connection and a request that has a body. */
    private static OutputStream request(SSLSocket client) throws IOException {
        OutputStream out = new BufferedOutputStream(client.getOutputStream(), 16_384);
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(out, 4, 0, 0, new byte[0]);
        out.flush();
        // The larger windows hold once their announcement is acknowledged.
        awaitFrame(client.getInputStream(), 4, 0);
        frame(out, 4, 1, 0, new byte[0]);
        byte[] head = ("\203\207\204\101" + (char) HOST.length() + HOST).getBytes(StandardCharsets.ISO_8859_1);
        frame(out, 1, 4, 1, head);
        return out;
    }

    private static long heapUsed() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void awaitFrame(InputStream in, int type, int flags) throws IOException {
        DataInputStream frames = new DataInputStream(in);
        boolean found = false;
        while (!found) {
            int length = frames.readUnsignedShort() << 8 | frames.readUnsignedByte();
            found = frames.readUnsignedShort() == (type << 8 | flags);
            frames.readNBytes(4 + length);
        }
    }

    private static SSLSocket http2(RunningProxy proxy, Socket plain) throws Exception {
        plain.setSoTimeout(20_000);
        String pair = RunningProxy.SESSION + ":" + proxy.tokenOf(RunningProxy.SESSION);
        String credentials = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
        plain.getOutputStream()
                .write(("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + ":443\r\nProxy-Authorization: Basic "
                                + credentials + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        while (!Origin.line(plain.getInputStream()).isEmpty()) {
            // The head of the answer to CONNECT.
            Thread.onSpinWait();
        }
        SSLSocket secure = (SSLSocket) proxy.clientTls().getSocketFactory().createSocket(plain, HOST, 443, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(new byte[] {
            0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream
        });
        out.write(payload);
    }

    private static void pieces(OutputStream out, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            frame(out, 0, 0, 1, new byte[] {(byte) i});
        }
        out.flush();
    }

    private static String body(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        DataInputStream frames = new DataInputStream(in);
        while (true) {
            int length = frames.readUnsignedShort() << 8 | frames.readUnsignedByte();
            int type = frames.readUnsignedByte();
            int flags = frames.readUnsignedByte();
            frames.readNBytes(4);
            byte[] payload = frames.readNBytes(length);
            if (type == 7) {
                throw new AssertionError("GOAWAY " + ByteBuffer.wrap(payload).getInt(4));
            }
            if (type == 0) {
                body.append(new String(payload, StandardCharsets.US_ASCII));
                if ((flags & 1) == 1) {
                    return body.toString();
                }
            }
        }
    }

    private static int requestsIn(EmbeddedChannel channel) {
        int requests = 0;
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            requests += message instanceof HttpRequest ? 1 : 0;
            ReferenceCountUtil.release(message);
        }
        return requests;
    }

    /** How many requests have come to the server, after no more have come for a while. */
    private static int settled(Origin origin) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            int before = origin.heads().size();
            Thread.sleep(500);
            return before > 0 && origin.heads().size() == before;
        });
        return origin.heads().size();
    }

    private static List<String> firstNumbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add("" + i);
        }
        return numbers;
    }

    private static List<String> numbers(SocketChannel client, int answers) throws IOException {
        List<String> numbers = new ArrayList<>();
        StringBuilder head = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        int bodyLeft = 0;
        while (numbers.size() < answers || bodyLeft > 0) {
            buffer.clear();
            if (client.read(buffer) < 0) {
                throw new AssertionError("closed after " + numbers.size() + " answers");
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                if (bodyLeft > 0) {
                    int taken = Math.min(bodyLeft, buffer.remaining());
                    buffer.position(buffer.position() + taken);
                    bodyLeft -= taken;
                    continue;
                }
                head.append((char) buffer.get());
                if (head.length() > 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                    String field = head.toString().toLowerCase(Locale.ROOT).split("x-number: ", -1)[1];
                    numbers.add(field.substring(0, field.indexOf('\r')));
                    head.setLength(0);
                    bodyLeft = ANSWER_BYTES;
                }
            }
        }
        return numbers;
    }

    private static int count(SocketChannel client, String what, int expected) throws IOException {
        StringBuilder rest = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        int found = 0;
        while (found < expected && client.read(buffer) >= 0) {
            rest.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            buffer.clear();
            int at = rest.indexOf(what);
            int end = 0;
            for (; at >= 0; at = rest.indexOf(what, end)) {
                found++;
                end = at + what.length();
            }
            rest.delete(0, Math.max(end, rest.length() - what.length()));
        }
        return found;
    }

    private static SocketChannel connected(RunningProxy proxy) throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(proxy.socket()));
        return client;
    }

    private static void writeAll(SocketChannel client, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        try {
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static void read(SocketChannel client, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            assertThat(client.read(buffer)).isPositive();
        }
    }

    private static int writableWithin(SocketChannel client, int bytes, Duration time) throws Exception {
        client.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        long end = System.nanoTime() + time.toNanos();
        while (buffer.hasRemaining() && System.nanoTime() < end) {
            if (client.write(buffer) == 0) {
                Thread.sleep(5);
            }
        }
        return buffer.position();
    }

    /** Takes all places of a listener that accepts nobody, so that the next one to connect waits. */
    private static List<SocketChannel> fill(ServerSocket deaf) throws Exception {
        List<SocketChannel> queue = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SocketChannel waiting = SocketChannel.open();
            waiting.configureBlocking(false);
            waiting.connect(new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort()));
            queue.add(waiting);
        }
        Thread.sleep(300);
        return queue;
    }

    /** A client hello as the JDK says it. */
    private static String hello() throws Exception {
        SSLEngine engine = javax.net.ssl.SSLContext.getDefault().createSSLEngine("pinned.example.com", 443);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(32_768);
        engine.wrap(ByteBuffer.allocate(0), hello);
        return StandardCharsets.ISO_8859_1.decode(hello.flip()).toString();
    }
}
