package dev.slipway.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.gateway.Gateways;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A viewer that takes nothing for too long is told so in a last event, cut, and gets exactly the rest when it comes back. */
class SlowViewersTest {
    /** More than the buffers of both ends of a connection hold. */
    private static final int EVENTS = 6_000;

    private static final String PADDING = "x".repeat(2_000);
    private static final Pattern NUMBER = Pattern.compile("\"messageId\":\"(\\d+)\"");
    private static final Pattern ID = Pattern.compile("\"event\":\"([a-z_]+)\",\"id\":\"([^\"]+)\"");

    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        gateway = Gateways.anonymous(
                "http://127.0.0.1:1",
                Map.of(
                        "slipway.events.stalled", "4s",
                        "slipway.events.heartbeat", "500ms"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** What a viewer saw until its connection ended, or until it had seen enough. */
    private static final class View {
        final List<Integer> numbers = new ArrayList<>();
        String lastId = "";
        String lastType = "";
        int closeCode;

        void take(String type, String id, String data) {
            lastType = type;
            lastId = id.isEmpty() ? lastId : id;
            Matcher number = NUMBER.matcher(data);
            if (type.equals("message_added") && number.find()) {
                numbers.add(Integer.parseInt(number.group(1)));
            }
        }
    }

    private static Socket connect(String request) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.getPort()));
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static Socket sse(@Nullable String lastId) throws IOException {
        return connect("GET /api/projects/local/events HTTP/1.1\r\nHost: localhost\r\n"
                + (lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n");
    }

    private static Socket webSocket(@Nullable String lastId) throws IOException {
        return connect("GET /ws/events?projectId=local" + (lastId == null ? "" : "&after=" + lastId)
                + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    private static void readSse(Socket socket, View view, int until) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        String type = "";
        String id = "";
        for (String line = line(in); line != null && view.numbers.size() < until; line = line(in)) {
            if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                view.take(type, id, line);
                id = "";
            }
        }
    }

    private static @Nullable String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        return null;
    }

    private static void readWebSocket(Socket socket, View view, int until) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        String head = line(in);
        while (head != null && !head.isEmpty()) {
            head = line(in);
        }
        try {
            while (view.numbers.size() < until) {
                int opcode = in.readUnsignedByte() & 0x0f;
                int length = in.readUnsignedByte();
                byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
                in.readFully(payload);
                if (opcode == 8) {
                    view.closeCode = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
                    return;
                }
                String text = new String(payload, StandardCharsets.UTF_8);
                Matcher named = ID.matcher(text);
                if (opcode == 1 && named.find()) {
                    view.take(named.group(1), named.group(2), text);
                }
            }
        } catch (EOFException _) {
            // The end without a close frame.
        }
    }

    private static void publish() {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedServers.kafka()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < EVENTS; i++) {
                producer.send(message(i));
            }
        }
    }

    private static ProducerRecord<String, byte[]> message(int number) {
        ProducerRecord<String, byte[]> event = new ProducerRecord<>(
                LifecycleEvent.TOPIC,
                "local",
                ("{\"sessionId\":\"s\",\"messageId\":\"" + number + "\",\"role\":\"" + PADDING + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_id", Ids.text(),
                        "ce_source", "/session-service",
                        "ce_type", "dev.slipway.session.message.added.v1",
                        "ce_subject", "s",
                        "ce_time", Instant.now().toString(),
                        "ce_seq", "1",
                        "ce_projectid", "local")
                .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return event;
    }

    private static void awaitWatched(boolean watched) {
        EventTail tail = gateway.getApplicationContext().getBean(EventTail.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> tail.isWatched("local") == watched);
    }

    /** Publishes while the viewer takes nothing, until the gateway has given it up. */
    private static void publishAndTakeNothing() {
        awaitWatched(true);
        publish();
        awaitWatched(false);
    }

    private static void assertCutAndWhole(View first, View rest) {
        assertThat(first.lastType).isEqualTo("cut");
        assertThat(first.lastId).isNotEmpty();
        assertThat(first.numbers).hasSizeLessThan(EVENTS);
        List<Integer> all = new ArrayList<>(first.numbers);
        all.addAll(rest.numbers);
        assertThat(all).isEqualTo(IntStream.range(0, EVENTS).boxed().toList());
    }

    @Test
    void ofServerSentEvents() throws Exception {
        View first = new View();
        View rest = new View();
        try (Socket slow = sse(null)) {
            publishAndTakeNothing();
            readSse(slow, first, Integer.MAX_VALUE);
        }
        try (Socket back = sse(first.lastId)) {
            readSse(back, rest, EVENTS - first.numbers.size());
        }

        assertCutAndWhole(first, rest);
    }

    @Test
    void ofAWebSocket() throws Exception {
        View first = new View();
        View rest = new View();
        try (Socket slow = webSocket(null)) {
            publishAndTakeNothing();
            readWebSocket(slow, first, Integer.MAX_VALUE);
        }
        try (Socket back = webSocket(first.lastId)) {
            readWebSocket(back, rest, EVENTS - first.numbers.size());
        }

        assertCutAndWhole(first, rest);
        assertThat(first.closeCode).isEqualTo(1013);
    }
}
