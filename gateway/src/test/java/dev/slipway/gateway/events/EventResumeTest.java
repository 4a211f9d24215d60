package dev.slipway.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.gateway.Gateways;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that comes back with the last id it saw gets exactly the rest. */
class EventResumeTest {
    private static final int EVENTS = 10_000;

    private static final int RESTARTS = 5;
    private static final Map<String, Object> SETTINGS = new HashMap<>(EmbeddedServers.properties());

    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        gateway = Gateways.anonymous("http://127.0.0.1:1", SETTINGS);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private record Seen(String id, int number) {}

    private static final class Stream implements AutoCloseable {
        final Socket socket;
        final BufferedReader lines;
        final List<String> types = new ArrayList<>();

        Stream(@Nullable String lastId, String query) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
            socket.setSoTimeout(20_000);
            String request = "GET /api/projects/local/events" + query + " HTTP/1.1\r\nHost: localhost\r\n"
                    + (lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The id of the next frame of this type; its data's number if it has one. */
        Seen next(String type) throws IOException {
            String id = "";
            boolean wanted = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    types.add(line.substring(7));
                    wanted = line.equals("event: " + type);
                } else if (wanted && line.startsWith("data: ")) {
                    String number = line.replaceAll(".*\"messageId\":\"(\\d+)\".*", "$1");
                    return new Seen(id, number.matches("\\d+") ? Integer.parseInt(number) : -1);
                }
            }
            throw new IOException("the stream ended");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedServers.kafka()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static ProducerRecord<String, byte[]> message(String project, int number) {
        ProducerRecord<String, byte[]> event = new ProducerRecord<>(
                LifecycleEvent.TOPIC,
                project,
                ("{\"sessionId\":\"s\",\"messageId\":\"" + number + "\",\"role\":\"user\"}")
                        .getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_id", Ids.text(),
                        "ce_source", "/session-service",
                        "ce_type", "dev.slipway.session.message.added.v1",
                        "ce_subject", "s",
                        "ce_time", Instant.now().toString(),
                        "ce_seq", "1",
                        "ce_projectid", project)
                .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return event;
    }

    @Test
    void tenThousandEventsArriveOnceAndInOrderThoughTheClientIsCutAndTheGatewayStops() throws Exception {
        Random random = new Random(7);
        List<Integer> numbers = new ArrayList<>();
        String last;
        try (Stream first = new Stream(null, "")) {
            last = first.next("connected").id();
        }
        Thread writer = Thread.ofVirtual().start(() -> {
            try (KafkaProducer<String, byte[]> producer = producer()) {
                for (int i = 0; i < EVENTS; i++) {
                    producer.send(message("local", i));
                    producer.send(message("of-a-stranger-" + i % 50, i));
                }
            }
        });

        int cuts = 0;
        int restarts = 0;
        while (numbers.size() < EVENTS) {
            cuts++;
            int cut = 1 + random.nextInt(2 * EVENTS / 110);
            try (Stream stream = new Stream(last, "")) {
                for (int i = 0; i < cut && numbers.size() < EVENTS; i++) {
                    Seen seen = stream.next("message_added");
                    numbers.add(seen.number());
                    last = seen.id();
                }
                if (restarts < RESTARTS && numbers.size() > (restarts + 1) * EVENTS / (RESTARTS + 1)) {
                    restarts++;
                    gateway.close();
                    gateway = Gateways.anonymous("http://127.0.0.1:1", SETTINGS);
                }
            }
        }
        assertThat(cuts).isGreaterThanOrEqualTo(90);
        assertThat(restarts).isEqualTo(RESTARTS);
        writer.join();

        assertThat(numbers).isEqualTo(IntStream.range(0, EVENTS).boxed().toList());
    }

    @Test
    void onlyTheTypesAskedForAreSent() throws Exception {
        try (Stream stream = new Stream(null, "?types=session_updated")) {
            stream.next("connected");
            try (KafkaProducer<String, byte[]> producer = producer()) {
                producer.send(message("local", 1));
                ProducerRecord<String, byte[]> status = message("local", 2);
                status.headers().remove("ce_type");
                status.headers()
                        .add("ce_type", "dev.slipway.session.status.changed.v1".getBytes(StandardCharsets.UTF_8));
                producer.send(status);
            }

            assertThat(stream.next("session_updated").number()).isEqualTo(2);
            assertThat(stream.types).containsExactly("connected", "session_updated");
        }
    }

    @Test
    void anIdThatTheLogDoesNotReachIsAGap() throws Exception {
        int partition = LogReaders.partitionOf("local");

        try (Stream stream = new Stream(partition + "-99999999", "")) {
            stream.next("gap");

            assertThat(stream.types).containsExactly("connected", "gap");
        }
    }
}
