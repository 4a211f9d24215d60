package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.address.Network;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** A client that asks one server after the other leaves no more connections behind than fit the proxy's memory. */
@NullMarked
class ManyServersTest {
    private static final int SERVERS = Resting.CONNECTIONS_MAX + 50;
    private static final String ANSWER = "hello";

    @Test
    void ofConnectionsThatNobodyUsesTheOnesThatRestedLongestAreClosed() throws Exception {
        try (var origin = Origin.plain(Origin.text(ANSWER));
                var proxy = new RunningProxy.Builder()
                        .allowing("*.many.example.com:" + origin.port())
                        .exempting(List.of(Network.parse("127.0.0.0/8")))
                        .resolvingBy(_ -> List.of(InetAddress.getLoopbackAddress()))
                        .start();
                var client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.relayPort()));
            client.setSoTimeout(20_000);

            // One connection of the client's is served by one event loop.
            for (int i = 0; i < SERVERS; i++) {
                ask(client, "h" + i + ".many.example.com:" + origin.port());
            }

            assertThat(origin.connections()).isEqualTo(SERVERS);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> origin.connections() - origin.closedByPeer() <= Resting.CONNECTIONS_MAX);

            // The youngest are there to be used again, the oldest are not.
            ask(client, "h" + (SERVERS - 1) + ".many.example.com:" + origin.port());
            assertThat(origin.connections()).isEqualTo(SERVERS);
            ask(client, "h0.many.example.com:" + origin.port());
            assertThat(origin.connections()).isEqualTo(SERVERS + 1);
        }
    }

    private static void ask(Socket client, String host) throws Exception {
        OutputStream out = client.getOutputStream();
        out.write(("GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        InputStream in = client.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n" + ANSWER)) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("the proxy ended the connection after " + answer);
            }
            answer.append((char) next);
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 200");
    }
}
