package dev.slipway.kit.inbox;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.OffsetReset;
import io.micronaut.configuration.kafka.annotation.OffsetStrategy;
import io.micronaut.configuration.kafka.annotation.Topic;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes lifecycle events from the log, one by one and in order. An event that fails is tried again, since most failures
 * are a database that is away for a moment; one that keeps failing is set aside with all later events of its subject, so
 * that the others go on. How far it is, the log is told once for what came together: what comes again after a crash counts
 * once anyhow, and to tell after each event costs more than the event.
 *
 * <p>The consumer group is the application's name, which is what the listener takes when none is given. It is not given
 * here on purpose: where several services share one JVM they share this annotation, and the first to resolve a
 * placeholder in it would decide for all.
 */
@KafkaListener(
        offsetReset = OffsetReset.EARLIEST,
        offsetStrategy = OffsetStrategy.SYNC,
        properties = {
            @Property(name = ConsumerConfig.MAX_POLL_RECORDS_CONFIG, value = "50"),
            @Property(name = ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, value = "250"),
            @Property(name = ConsumerConfig.METADATA_MAX_AGE_CONFIG, value = "5000"),
            // A killed service keeps its partitions until this ends, also from its own next start.
            @Property(name = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, value = "6000"),
            @Property(name = ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, value = "1500"),
            @Property(name = ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, value = "false"),
            @Property(
                    name = ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                    value = "org.apache.kafka.common.serialization.ByteArrayDeserializer"),
            @Property(
                    name = ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                    value = "org.apache.kafka.common.serialization.ByteArrayDeserializer")
        })
@Requires(bean = EventHandler.class)
class LifecycleConsumer {
    /** How often an event is tried before it is set aside. */
    static final int ATTEMPTS = 6;

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleConsumer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Inbox inbox;

    LifecycleConsumer(Inbox inbox) {
        this.inbox = inbox;
    }

    @Topic(LifecycleEvent.TOPIC)
    void receive(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        EventEnvelope envelope;
        try {
            envelope = EventEnvelopes.read(received.headers());
        } catch (IllegalArgumentException e) {
            inbox.setAside(received, null, "unreadable: " + e.getMessage());
            return;
        }
        if (!inbox.wants(envelope)) {
            return;
        }
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                inbox.take(received, envelope);
                return;
            } catch (UnreadableEventException e) {
                inbox.setAside(received, envelope, String.valueOf(e.getMessage()));
                return;
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("type", envelope.type())
                        .addKeyValue("subject", envelope.subject())
                        .addKeyValue("attempt", attempt)
                        .setCause(e)
                        .log("event could not be handled");
                if (attempt >= ATTEMPTS) {
                    inbox.setAside(received, envelope, e.toString());
                    return;
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(3);
            }
        }
    }
}
