package dev.slipway.credential.usage;

import dev.slipway.contracts.mitm.EgressRecord;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.OffsetReset;
import io.micronaut.configuration.kafka.annotation.OffsetStrategy;
import io.micronaut.configuration.kafka.annotation.Topic;
import io.micronaut.context.annotation.Property;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the egress log in a group of its own, a batch at a time. A batch is counted before its end is committed, so a crash
 * between the two brings it again, and the counting notices. A database that is away is waited for.
 */
@KafkaListener(
        groupId = "credential-service-egress",
        batch = true,
        offsetReset = OffsetReset.EARLIEST,
        offsetStrategy = OffsetStrategy.SYNC,
        properties = {
            @Property(name = ConsumerConfig.MAX_POLL_RECORDS_CONFIG, value = "1000"),
            @Property(name = ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, value = "1000"),
            @Property(name = ConsumerConfig.FETCH_MIN_BYTES_CONFIG, value = "65536"),
            @Property(name = ConsumerConfig.METADATA_MAX_AGE_CONFIG, value = "5000"),
            @Property(name = ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, value = "false"),
            @Property(
                    name = ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                    value = "org.apache.kafka.common.serialization.ByteArrayDeserializer"),
            @Property(
                    name = ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                    value = "org.apache.kafka.common.serialization.ByteArrayDeserializer")
        })
class EgressConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(EgressConsumer.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final UseStore uses;
    private final ObjectMapper json;

    EgressConsumer(UseStore uses, ObjectMapper json) {
        this.uses = uses;
        this.json = json;
    }

    @Topic(EgressRecord.TOPIC)
    void receive(List<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
        List<EgressRecord> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : batch) {
            read(each, records);
        }
        for (; ; ) {
            try {
                uses.count(records);
                return;
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("reason", e.toString()).log("uses cannot be counted yet, will try again");
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Adds the record if it says that a credential was used; one that cannot be read never will be, and is left out. */
    private void read(ConsumerRecord<byte[], byte[]> received, List<EgressRecord> records) {
        try {
            EgressRecord record = json.readValue(received.value(), EgressRecord.class);
            if (record != null && !record.credentialIds().isEmpty()) {
                records.add(record);
            }
        } catch (IOException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("partition", received.partition())
                    .addKeyValue("offset", received.offset())
                    .addKeyValue("reason", e.getClass().getSimpleName())
                    .log("egress record cannot be read");
        }
    }
}
