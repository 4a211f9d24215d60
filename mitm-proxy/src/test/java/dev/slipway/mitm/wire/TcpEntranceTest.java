package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The TCP port: whoever comes has to say whose traffic it is, in each request, and gets that session's rules. */
@NullMarked
class TcpEntranceTest {
    private static final String HOST = "api.example.com";
    private static final String OTHER = "session-2";

    private Origin origin;
    private RunningProxy proxy;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.plain(Origin.text("hello"));
        proxy = new RunningProxy.Builder()
                .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                .allowing(HOST)
                .start();
        proxy.doors().open(new Door(OTHER, RunningProxy.PROJECT, RunningProxy.terms()));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        origin.close();
    }

    @Test
    void theRightTokenOpensTheSessionsDoorAndStaysBehind() throws Exception {
        String answer = exchange(get(basic(RunningProxy.SESSION, proxy.tokenOf(RunningProxy.SESSION))));

        assertThat(answer).contains("200 OK").endsWith("hello");
        assertThat(origin.onlyHead().header("Proxy-Authorization")).isNull();
        assertThat(proxy.records())
                .singleElement()
                .satisfies(record -> assertThat(record.sessionId()).isEqualTo(RunningProxy.SESSION));
    }

    @Test
    void everyOtherAnswerIsAsked407() throws Exception {
        String token = proxy.tokenOf(RunningProxy.SESSION);

        assertThat(exchange(get("")))
                .startsWith("HTTP/1.1 407 ")
                .containsIgnoringCase("proxy-authenticate: Basic realm=\"slipway\"")
                .contains("problems/egress-authentication");
        assertThat(exchange(get(basic(RunningProxy.SESSION, token + "x")))).startsWith("HTTP/1.1 407 ");
        assertThat(exchange(get(basic(OTHER, token)))).startsWith("HTTP/1.1 407 ");
        assertThat(exchange(get(basic("nobody", proxy.tokenOf("nobody"))))).startsWith("HTTP/1.1 407 ");
        assertThat(exchange(get("Proxy-Authorization: Bearer " + token + "\r\n")))
                .startsWith("HTTP/1.1 407 ");
        assertThat(exchange(get("Proxy-Authorization: Basic !!\r\n"))).startsWith("HTTP/1.1 407 ");
        assertThat(exchange("CONNECT " + HOST + ":80 HTTP/1.1\r\nHost: " + HOST + ":80\r\n\r\n"))
                .startsWith("HTTP/1.1 407 ");
        assertThat(exchange("GET / HTTP/1.1\nHost: x\n\n")).startsWith("HTTP/1.1 400 ");
        assertThat(origin.heads()).isEmpty();
    }

    @Test
    void eachSessionHasItsOwnRulesAndAClosedOneNone() throws Exception {
        String asOther = get(basic(OTHER, proxy.tokenOf(OTHER)));
        assertThat(exchange(asOther)).startsWith("HTTP/1.1 403 ");

        proxy.doors().close(OTHER);

        assertThat(exchange(asOther)).startsWith("HTTP/1.1 407 ");
    }

    @Test
    void aConnectionStaysWithItsSession() throws Exception {
        String first = get(basic(RunningProxy.SESSION, proxy.tokenOf(RunningProxy.SESSION)))
                .replace("Connection: close\r\n", "");

        assertThat(exchange(first + get(basic(OTHER, proxy.tokenOf(OTHER)))))
                .startsWith("HTTP/1.1 200 ")
                .contains("HTTP/1.1 407 ");
        assertThat(exchange(first + get(""))).contains("HTTP/1.1 407 ");
        assertThat(exchange(first + first.replace("GET", "HEAD") + get(basic(RunningProxy.SESSION, "wrong"))))
                .containsPattern("(?s)200 OK.*200 OK.*407 ");
    }

    @Test
    void aTunnelNeedsTheTokenOnce() throws Exception {
        String connect = "CONNECT " + HOST + ":80 HTTP/1.1\r\nHost: " + HOST + ":80\r\n"
                + basic(RunningProxy.SESSION, proxy.tokenOf(RunningProxy.SESSION)) + "\r\n";

        assertThat(exchange(connect + "GET / HTTP/1.1\r\nHost: " + HOST + ":80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 Connection established")
                .endsWith("hello");
    }

    @Test
    void socksTakesUserAndPassword() throws Exception {
        String connect = "\u0005\u0001\u0000\u0003" + (char) HOST.length() + HOST + "\u0000P";
        String get = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n";

        assertThat(exchange("\u0005\u0001\u0002" + password(RunningProxy.SESSION, proxy.tokenOf(RunningProxy.SESSION))
                        + connect + get))
                .startsWith("\u0005\u0002\u0001\u0000\u0005\u0000")
                .endsWith("hello");
        assertThat(exchange("\u0005\u0001\u0002" + password(RunningProxy.SESSION, "wrong") + connect + get))
                .isEqualTo("\u0005\u0002\u0001\u0001");
        assertThat(exchange("\u0005\u0001\u0000" + connect)).isEqualTo("\u0005\u00ff");
    }

    @Test
    void wrongAnswersAreAnsweredEverMoreSlowlyAndRightOnesAreNot() throws Exception {
        String wrong = get(basic(RunningProxy.SESSION, "wrong"));
        for (int i = 0; i < 8; i++) {
            assertThat(exchange(wrong)).startsWith("HTTP/1.1 407 ");
        }

        // A second of it is the pause after which an answer counts as complete.
        assertThat(millis(wrong)).isGreaterThan(1_900);
        // The best of three, for this machine may do something else meanwhile.
        String right = get(basic(RunningProxy.SESSION, proxy.tokenOf(RunningProxy.SESSION)));
        assertThat(Math.min(millis(right), Math.min(millis(right), millis(right))))
                .isLessThan(900);
    }

    private long millis(String request) throws IOException {
        long started = System.nanoTime();
        exchange(request);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    }

    private static String get(String header) {
        return "GET http://" + HOST + "/ HTTP/1.1\r\nHost: " + HOST + "\r\n" + header + "Connection: close\r\n\r\n";
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
    }

    private static String password(String user, String token) {
        return "\u0001" + (char) user.length() + user + (char) token.length() + token;
    }

    /** Sends the bytes and gives what comes until the answer's first pause after its end, or the connection's end. */
    private String exchange(String bytes) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.tcpPort())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.setSoTimeout(5_000);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[16_384];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                socket.setSoTimeout(1_000);
            }
        } catch (SocketTimeoutException pause) {
            return answer.toString();
        }
        return answer.toString();
    }
}
