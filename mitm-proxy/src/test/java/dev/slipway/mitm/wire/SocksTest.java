package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RawClient;
import dev.slipway.mitm.testing.RunningProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SOCKS: what is answered with which code, and what passes after yes. */
@NullMarked
class SocksTest {
    private static final String HELLO = "\u0005\u0001\u0000";
    private static final String HOST = "api.example.com";

    private static Origin origin;
    private static ServerSocket banner;
    private static RunningProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.plain(Origin.text("hello"));
        banner = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(SocksTest::greet);
        proxy = new RunningProxy.Builder()
                .upstreams(HOST + "=http://127.0.0.1:" + origin.port() + ",db.example.com=http://127.0.0.1:"
                        + banner.getLocalPort())
                .allowing(HOST, "db.example.com:3306", "bad.example.com", "8.8.8.8")
                .resolvingBy(_ -> List.of(InetAddress.getLoopbackAddress()))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close();
        banner.close();
        origin.close();
    }

    record Refused(String request, int code) {}

    static List<Refused> refused() {
        return List.of(
                new Refused(connect("other.example.com", 443), 2),
                new Refused(connect("bad.example.com", 443), 2),
                new Refused(connect("127.0.0.1", 80), 2),
                new Refused(connect("2130706433", 80), 2),
                new Refused(connect("127.1", 80), 2),
                new Refused(connect("api.example.com\u0000.evil", 80), 2),
                new Refused(connect("", 80), 2),
                new Refused(connect(HOST, 0), 2),
                new Refused("\u0005\u0001\u0000\u0001\u007f\u0000\u0000\u0001\u0000P", 2),
                new Refused("\u0005\u0001\u0000\u0001\u00a9\u00fe\u00a9\u00fe\u0000P", 2),
                new Refused("\u0005\u0001\u0000\u0004" + "\u0000".repeat(15) + "\u0001\u0000P", 2),
                new Refused(
                        "\u0005\u0001\u0000\u0004" + "\u0000".repeat(10)
                                + "\u00ff\u00ff\u007f\u0000\u0000\u0001\u0000P",
                        2),
                new Refused("\u0005\u0002\u0000\u0003" + (char) HOST.length() + HOST + "\u0000P", 7),
                new Refused("\u0005\u0003\u0000\u0003" + (char) HOST.length() + HOST + "\u0000P", 7),
                new Refused("\u0005\u0001\u0000\u0009" + "x".repeat(10), 8));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aRefusalHasTheRightCode(Refused refused) throws Exception {
        String answer = RawClient.exchange(proxy, HELLO, refused.request);

        assertThat(answer).startsWith("\u0005\u0000\u0005" + (char) refused.code);
    }

    @Test
    void httpInsideATunnelIsTreatedAsHttp() throws Exception {
        String get = "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n";

        assertThat(RawClient.exchange(proxy, HELLO, connect(HOST, 80) + get))
                .contains("200 OK")
                .endsWith("hello");
        assertThat(RawClient.exchange(proxy, HELLO, connect(HOST, 80), get.replace("api.", "other.")))
                .contains("403 Forbidden");
        assertThat(RawClient.exchange(
                        proxy, HELLO, connect(HOST, 80), get.replace("GET /", "GET http://api.example.com/")))
                .contains("400 Bad Request");
        assertThat(RawClient.exchange(
                        proxy,
                        HELLO,
                        connect(HOST, 80),
                        "CONNECT api.example.com:80 HTTP/1.1\r\nHost: api.example.com:80\r\n\r\n"))
                .contains("403 Forbidden");
    }

    @Test
    void rawBytesPassOnlyWhereTheRuleNamesThePort() throws Exception {
        assertThat(RawClient.exchange(proxy, HELLO, connect("db.example.com", 3306)))
                .endsWith("banner");
        assertThat(RawClient.exchange(proxy, HELLO, connect(HOST, 80), "SSH-2.0-x\r\n"))
                .hasSize(2 + 10);
        assertThat(RawClient.exchange(proxy, HELLO, connect(HOST, 80), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
                .hasSize(2 + 10);
    }

    @Test
    void socks4AndOtherGreetingsAreTurnedAway() throws Exception {
        assertThat(RawClient.exchange(proxy, "\u0004\u0001\u0000P\u0001\u0001\u0001\u0001\u0000"))
                .startsWith("\u0000[");
        assertThat(RawClient.exchange(proxy, "\u0005\u0001\u0002")).isEqualTo("\u0005\u00ff");
        assertThat(RawClient.exchange(proxy, "\u0016\u0003\u0001")).isEmpty();
    }

    /** Heads from a fixed seed, cut and changed at random: 100,000 of them, each read without another end than yes, no or wait. */
    @Test
    void noBytesUpsetTheReadingOfAHead() {
        Random random = new Random(7);
        byte[] head = "POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nX: y\r\n\r\nabc"
                .getBytes(StandardCharsets.US_ASCII);
        int complete = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = head.clone();
            for (int change = random.nextInt(3); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length) + 1);
            try {
                complete += RequestHead.complete(in) ? 1 : 0;
            } catch (Refusal refused) {
                assertThat(refused.status()).isIn(400, 431);
            }
        }
        assertThat(complete).isGreaterThan(1_000);
    }

    /** 20,000 greetings and requests from a fixed seed, cut and changed at random: each ends in a reply that SOCKS has, or in silence. */
    @Test
    void noBytesUpsetTheSocksHandshake() {
        Random random = new Random(11);
        byte[] good = (HELLO + connect("nowhere.example.com", 443)).getBytes(StandardCharsets.ISO_8859_1);
        Door door = proxy.doors().find(RunningProxy.SESSION).orElseThrow();
        int replies = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            EmbeddedChannel channel =
                    new EmbeddedChannel(new SocksHandshake(new Visitor.Known(door), proxy.services()));
            int cut = random.nextInt(bytes.length) + 1;
            channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, cut));
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, cut, bytes.length - cut));
            }
            channel.runPendingTasks();
            for (ByteBuf reply = channel.readOutbound(); reply != null; reply = channel.readOutbound()) {
                assertThat((int) reply.getUnsignedByte(0)).isEqualTo(5);
                assertThat((int) reply.getUnsignedByte(1)).isIn(0, 1, 2, 4, 7, 8, 0xff);
                replies++;
                reply.release();
            }
            channel.finishAndReleaseAll();
        }
        assertThat(replies).isGreaterThan(10_000);
    }

    private static String connect(String host, int port) {
        return "\u0005\u0001\u0000\u0003" + (char) host.length() + host + (char) (port >> 8) + (char) (port & 0xff);
    }

    private static void greet() {
        while (!banner.isClosed()) {
            try (Socket socket = banner.accept()) {
                socket.getOutputStream().write("banner".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                while (socket.getInputStream().read() >= 0) {
                    // Waits until the client has gone too.
                    Thread.onSpinWait();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }
}
