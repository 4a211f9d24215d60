package dev.slipway.gateway.webhook;

import dev.slipway.gateway.events.LogFollower;
import dev.slipway.gateway.events.PublicLog;
import dev.slipway.gateway.events.PublicLog.PublicEvent;
import dev.slipway.kit.lease.Leases;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks the log through for webhooks. One gateway does, by lease; where it stopped stands in the database beside what it wrote,
 * so that another one goes on there. Should two overlap for a moment, both write the same deliveries, which is once.
 */
@Singleton
class WebhookFeed {
    private static final String LEASE = "webhooks";
    private static final Duration LEASE_LENGTH = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofSeconds(2);

    private final PublicLog log;
    private final WebhookService webhooks;
    private final WebhookStore store;
    private final Leases leases;
    private final LogFollower follower;

    WebhookFeed(PublicLog log, WebhookService webhooks, WebhookStore store, Leases leases) {
        this.log = log;
        this.webhooks = webhooks;
        this.store = store;
        this.leases = leases;
        this.follower = log.follower("webhook-feed", this::isOurs, this::follow);
    }

    @EventListener
    void start(StartupEvent ignored) {
        follower.start();
    }

    private boolean isOurs() {
        return leases.hold(LEASE, LEASE_LENGTH).isPresent();
    }

    private void follow(KafkaConsumer<byte[], byte[]> reader) {
        reader.assign(PublicLog.partitions());
        begin(reader, PublicLog.partitions());
        while (follower.goesOn() && isOurs()) {
            ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
            if (!records.isEmpty()) {
                take(records);
            }
        }
    }

    /** Where the last one stopped; at the log's end if nobody ever looked, or if the log was made anew. */
    private void begin(KafkaConsumer<byte[], byte[]> reader, List<TopicPartition> all) {
        Map<Integer, Long> positions = store.positions();
        Map<Integer, Long> first = new HashMap<>();
        Map<TopicPartition, Long> ends = reader.endOffsets(all);
        Map<TopicPartition, Long> beginnings = reader.beginningOffsets(all);
        ends.forEach((partition, end) -> {
            Long known = positions.get(partition.partition());
            long oldest = beginnings.getOrDefault(partition, 0L);
            long from = known == null || known > end ? end : Math.max(known, oldest);
            if (known == null || known != from) {
                first.put(partition.partition(), from);
            }
            reader.seek(partition, from);
        });
        webhooks.take(List.of(), first);
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        List<PublicEvent> events = new ArrayList<>();
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            log.of(record).ifPresent(events::add);
            next.put(record.partition(), record.offset() + 1);
        }
        webhooks.take(events, next);
    }

    @Scheduled(fixedDelay = "6h", initialDelay = "20m")
    void sweep() {
        store.sweep();
    }

    @PreDestroy
    void close() throws InterruptedException {
        follower.close();
        leases.release(LEASE);
    }
}
