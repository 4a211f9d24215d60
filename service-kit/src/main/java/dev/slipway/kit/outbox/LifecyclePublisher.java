package dev.slipway.kit.outbox;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only holder of a producer for lifecycle events. Writes CloudEvents 1.0 in binary mode. */
@Singleton
class LifecyclePublisher {
    private static final Logger LOG = LoggerFactory.getLogger(LifecyclePublisher.class);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private @Nullable KafkaProducer<String, byte[]> producer;

    LifecyclePublisher(@Value("${kafka.bootstrap.servers}") String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Sends these rows in order and answers how many of them, counted from the first, the broker has taken. */
    synchronized int publish(List<OutboxRow> rows, String topic, String source) throws InterruptedException {
        KafkaProducer<String, byte[]> current = producer();
        List<Future<RecordMetadata>> answers = new ArrayList<>(rows.size());
        for (OutboxRow row : rows) {
            answers.add(current.send(record(row, topic, source)));
        }
        current.flush();
        int taken = 0;
        for (Future<RecordMetadata> answer : answers) {
            try {
                answer.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
                taken++;
            } catch (ExecutionException | TimeoutException e) {
                LOG.atWarn().addKeyValue("reason", String.valueOf(e.getCause())).log("broker refused an event");
                // What still waits in this producer must not overtake the row that failed.
                abandon();
                return taken;
            }
        }
        return taken;
    }

    private KafkaProducer<String, byte[]> producer() {
        KafkaProducer<String, byte[]> current = producer;
        if (current == null) {
            Properties settings = new Properties();
            settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
            settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
            current = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
            producer = current;
        }
        return current;
    }

    private static ProducerRecord<String, byte[]> record(OutboxRow row, String topic, String source) {
        ProducerRecord<String, byte[]> out =
                new ProducerRecord<>(topic, row.projectId(), row.data().getBytes(StandardCharsets.UTF_8));
        header(out, "ce_specversion", "1.0");
        header(out, "ce_id", row.id().toString());
        header(out, "ce_source", source);
        header(out, "ce_type", row.type());
        header(out, "ce_subject", row.subject());
        header(out, "ce_seq", Long.toString(row.seq()));
        header(out, "ce_time", row.createdAt().toString());
        header(out, "ce_projectid", row.projectId());
        if (row.traceparent() != null) {
            header(out, "ce_traceparent", row.traceparent());
        }
        header(out, "content-type", "application/json");
        return out;
    }

    private static void header(ProducerRecord<?, ?> out, String name, String value) {
        out.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private void abandon() {
        KafkaProducer<String, byte[]> failed = producer;
        producer = null;
        if (failed != null) {
            failed.close(Duration.ZERO);
        }
    }

    synchronized void close() {
        KafkaProducer<String, byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(Duration.ofSeconds(2));
        }
    }
}
