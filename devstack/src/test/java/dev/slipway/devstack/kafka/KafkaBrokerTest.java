package dev.slipway.devstack.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.devstack.home.PortBook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that still has its events after a restart. */
class KafkaBrokerTest {
    private static final String TOPIC = "slipway.lifecycle.v1";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void eventsSurviveARestart() throws Exception {
        PortBook ports = new PortBook(directory.resolve("ports.properties"));
        int port = ports.choose("kafka");
        int controller = ports.choose("kafka-controller");
        KafkaBroker first = KafkaBroker.start(directory.resolve("kafka"), port, controller);
        send(first, "one");
        first.stop();

        KafkaBroker second = KafkaBroker.start(directory.resolve("kafka"), port, controller);
        try {
            send(second, "two");
            assertThat(receive(second, 2)).containsExactly("one", "two");
        } finally {
            second.stop();
        }
    }

    private static void send(KafkaBroker broker, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, 0, "project", value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> receive(KafkaBroker broker, int count) {
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partition = List.of(new TopicPartition(TOPIC, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            Instant deadline = Instant.now().plusSeconds(30);
            while (values.size() < count && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofMillis(200)).forEach(received -> values.add(received.value()));
            }
        }
        return values;
    }
}
