package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.RunningProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What others write, with bytes of it changed, cut and put together at random (fixed seeds; 10,000 first words, 5,000 client hellos and 5,000
 * connections of HTTP/2 in each run): nothing gets past the policy, nothing is thrown, no buffer is lost.
 */
@NullMarked
class ParserFuzzTest {
    private static final String HOST = "api.example.com";
    private static final HostPort TARGET = HostPort.parse(HOST, 443);

    @TempDir
    Path folder;

    @Test
    void firstWordsOpenNothingThatIsNotAllowed() throws Exception {
        String[] words = {
            "GET http://" + HOST + "/ HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + ":443\r\n\r\n\u0016\u0003\u0001",
            "\5\1\0\5\1\0\3" + (char) HOST.length() + HOST + "\1\273",
            "\4\1\1\273\1\1\1\1user\0",
            "\5\3\0\1\2\5\1\0\1\1\1\1\1\1\273",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST http://" + HOST + "/ HTTP/1.1\r\nHost: " + HOST
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        };
        Random random = new Random(1);
        try (RunningProxy proxy = proxy()) {
            for (int i = 0; i < 10_000; i++) {
                feed(
                        new EmbeddedChannel(new FirstBytes(new Visitor.Known(door(proxy)), proxy.services())),
                        changed(words[random.nextInt(words.length)].getBytes(StandardCharsets.ISO_8859_1), random),
                        random);
            }
            nothingLeft(proxy);
        }
    }

    @Test
    void noHelloGetsACertificateOfAnotherName() throws Exception {
        byte[][] hellos = {hello(HOST), hello("other.example.com"), hello("API.example.com")};
        Random random = new Random(2);
        try (RunningProxy proxy = proxy()) {
            for (int i = 0; i < 5_000; i++) {
                EmbeddedChannel channel = new EmbeddedChannel(new TlsGate(door(proxy), proxy.services(), TARGET));
                feed(channel, changed(hellos[random.nextInt(hellos.length)], random), random);
            }
            nothingLeft(proxy);
        }
    }

    @Test
    void noStreamReachesAHostThatTheConnectionWasNotOpenedTo() throws Exception {
        Random random = new Random(3);
        try (RunningProxy proxy = proxy()) {
            for (int i = 0; i < 5_000; i++) {
                EmbeddedChannel channel = new EmbeddedChannel();
                new AfterHandshake(door(proxy), proxy.services(), TARGET)
                        .http2(channel.pipeline(), new Arrival.Tunnel(TARGET, true));
                byte[] wire = connection(random);
                feed(channel, random.nextInt(3) == 0 ? changed(wire, random) : wire, random);
            }
            nothingLeft(proxy);
        }
    }

    /** A door that allows nothing: whatever is read as a request must end as a refusal. */
    private static Door door(RunningProxy proxy) {
        assertThat(proxy.doors().find(RunningProxy.SESSION)).isPresent();
        return new Door(RunningProxy.SESSION, RunningProxy.PROJECT, RunningProxy.terms());
    }

    private RunningProxy proxy() throws Exception {
        return new RunningProxy.Builder()
                .trusting(new TestOriginCertificates(folder))
                .start();
    }

    private static void feed(EmbeddedChannel channel, byte[] bytes, Random random) {
        try {
            for (int at = 0; at < bytes.length && channel.isOpen(); ) {
                int length = Math.min(bytes.length - at, random.nextInt(4) == 0 ? 1 + random.nextInt(7) : bytes.length);
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
                at += length;
            }
            channel.runPendingTasks();
            channel.checkException();
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static void nothingLeft(RunningProxy proxy) throws InterruptedException {
        assertThat(proxy.records())
                .isNotEmpty()
                .extracting(EgressRecord::decision)
                .doesNotContain("allowed");
        assertThat(proxy.services().memory().held()).isZero();
    }

    private static byte[] changed(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int cut = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
        byte[] result = java.util.Arrays.copyOf(bytes, cut + (random.nextInt(5) == 0 ? random.nextInt(40) : 0));
        for (int i = cut; i < result.length; i++) {
            result[i] = (byte) random.nextInt(256);
        }
        return result;
    }

    private static byte[] hello(String name) throws Exception {
        SSLEngine engine = javax.net.ssl.SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(java.util.List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** Preface, settings, and a few streams whose heads are nearly what they should be. */
    private static byte[] connection(Random random) throws Exception {
        ByteBuf wire = Unpooled.buffer();
        wire.writeBytes(Http2CodecUtil.connectionPrefaceBuf());
        frame(wire, 4, 0, 0, Unpooled.EMPTY_BUFFER);
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
        for (int stream = 1; stream < 2 + 2 * random.nextInt(3); stream += 2) {
            ByteBuf head = Unpooled.buffer();
            encoder.encodeHeaders(stream, head(random), head);
            boolean ends = random.nextBoolean();
            frame(wire, 1, 4 | (ends ? 1 : 0), stream, head);
            if (!ends) {
                frame(
                        wire,
                        0,
                        random.nextInt(2),
                        stream,
                        Unpooled.copiedBuffer("x".repeat(random.nextInt(50)), StandardCharsets.US_ASCII));
            }
            if (random.nextInt(6) == 0) {
                frame(wire, 3, 0, stream, Unpooled.copyInt(random.nextInt(14)));
            }
        }
        byte[] bytes = new byte[wire.readableBytes()];
        wire.readBytes(bytes).release();
        return bytes;
    }

    private static Http2Headers head(Random random) {
        String[] hosts = {
            HOST, HOST + ":443", "other.example.com", "API.EXAMPLE.COM", "", HOST + "@evil.test", "[::1]", HOST + ":80"
        };
        String[] paths = {"/", "/a?b=c", "*", "", "http://other.example.com/", "/\u0001", "//x", "/#f"};
        String[] methods = {"GET", "POST", "CONNECT", "OPTIONS", "", "G T"};
        Http2Headers head = new DefaultHttp2Headers(false);
        if (random.nextInt(8) > 0) {
            head.method(any(methods, random));
        }
        if (random.nextInt(8) > 0) {
            head.path(any(paths, random));
        }
        if (random.nextInt(8) > 0) {
            head.scheme(random.nextInt(4) == 0 ? "http" : "https");
        }
        if (random.nextInt(8) > 0) {
            head.authority(any(hosts, random));
        }
        String[] names = {
            "host",
            "connection",
            "transfer-encoding",
            "content-length",
            "te",
            "cookie",
            "x-a",
            "X-B",
            ":status",
            "x-http2-scheme",
            "upgrade"
        };
        String[] values = {
            HOST, "other.example.com", "chunked", "5", "close", "trailers", "slipway-placeholder", "a\r\nb: c", ""
        };
        for (int i = random.nextInt(4); i > 0; i--) {
            head.add(any(names, random), any(values, random));
        }
        return head;
    }

    private static String any(String[] choices, Random random) {
        return choices[random.nextInt(choices.length)];
    }

    private static void frame(ByteBuf wire, int type, int flags, int stream, ByteBuf payload) {
        wire.writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream);
        wire.writeBytes(payload);
        payload.release();
    }
}
