package dev.slipway.session.testing;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The lifecycle topic as the other services use it: what they heard, and what they say. */
public final class Lifecycle implements AutoCloseable {
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);

    private final ObjectMapper json = ObjectMapper.getDefault();
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final KafkaProducer<String, byte[]> producer;
    private final String broker;
    private final Thread listener;
    private volatile boolean closed;

    public Lifecycle(String broker) {
        this.broker = broker;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new ByteArraySerializer());
        this.listener = Thread.ofPlatform().daemon().start(this::listen);
    }

    /** An event as it arrived. */
    public record Heard(String type, String subject, long seq, Map<String, Object> data) {}

    /** All events about a subject so far, in order. */
    public List<Heard> about(String subject) {
        return heard.stream().filter(event -> event.subject().equals(subject)).toList();
    }

    /** Events of a type about a subject so far. */
    public List<Map<String, Object>> about(String subject, Class<? extends LifecycleEvent> type) {
        return about(subject).stream()
                .filter(event -> event.type().equals(LifecycleEvent.typeOf(type)))
                .map(Heard::data)
                .toList();
    }

    /** Says an event in the name of another service; gives its id, by which it can be said again. */
    public UUID say(String project, String subject, LifecycleEvent event) {
        UUID id = UUID.randomUUID();
        say(id, project, subject, event);
        return id;
    }

    /** Says an event with this id. */
    public void say(UUID id, String project, String subject, LifecycleEvent event) {
        try {
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(LifecycleEvent.TOPIC, project, json.writeValueAsBytes(event));
            Map<String, String> headers = Map.of(
                    "ce_specversion",
                    "1.0",
                    "ce_id",
                    id.toString(),
                    "ce_source",
                    "/test",
                    "ce_type",
                    LifecycleEvent.typeOf(event.getClass()),
                    "ce_subject",
                    subject,
                    "ce_seq",
                    "1",
                    "ce_time",
                    Instant.now().toString(),
                    "ce_projectid",
                    project);
            headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void listen() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker,
                "group.id",
                "test-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest",
                "metadata.max.age.ms",
                "1000");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(LifecycleEvent.TOPIC));
            while (!closed) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    heard.add(new Heard(
                            header(record, "ce_type"),
                            header(record, "ce_subject"),
                            Long.parseLong(header(record, "ce_seq")),
                            json.readValue(record.value(), OBJECT)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        producer.close();
    }
}
