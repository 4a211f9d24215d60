package dev.slipway.gateway.audit;

import dev.slipway.contracts.gateway.AuditRecord;
import io.micronaut.context.annotation.Value;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends records to their topic as CloudEvents 1.0 in binary mode, keyed by actor, and waits until the broker has them. */
@Singleton
class AuditTopic {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final ObjectMapper json;
    private @Nullable KafkaProducer<String, byte[]> producer;

    AuditTopic(@Value("${kafka.bootstrap.servers}") String bootstrapServers, ObjectMapper json) {
        this.bootstrapServers = bootstrapServers;
        this.json = json;
    }

    /** All of them, in order; an exception if the broker does not take one. */
    synchronized void publish(List<AuditRecord> records)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        KafkaProducer<String, byte[]> current = producer();
        List<Future<?>> answers = new ArrayList<>(records.size());
        for (AuditRecord entry : records) {
            answers.add(current.send(message(entry)));
        }
        current.flush();
        for (Future<?> answer : answers) {
            answer.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private ProducerRecord<String, byte[]> message(AuditRecord entry) throws IOException {
        String key = Objects.requireNonNullElse(entry.actorId(), "nobody");
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(AuditRecord.TOPIC, key, json.writeValueAsBytes(entry));
        header(message, "ce_specversion", "1.0");
        header(message, "ce_id", entry.id());
        header(message, "ce_source", "/gateway");
        header(message, "ce_type", "dev.slipway.audit.recorded.v1");
        header(message, "ce_subject", key);
        header(message, "ce_time", entry.at().toString());
        header(message, "content-type", "application/json");
        return message;
    }

    private static void header(ProducerRecord<?, ?> message, String name, String value) {
        message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private KafkaProducer<String, byte[]> producer() {
        KafkaProducer<String, byte[]> current = producer;
        if (current == null) {
            Properties settings = new Properties();
            settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            settings.put(ProducerConfig.CLIENT_ID_CONFIG, "gateway-audit");
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
            settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L << 20);
            current = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
            producer = current;
        }
        return current;
    }

    synchronized void close() {
        KafkaProducer<String, byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(Duration.ofSeconds(2));
        }
    }
}
