package dev.slipway.mitm.egress;

import dev.slipway.contracts.mitm.EgressRecord;
import io.micronaut.context.annotation.Value;
import io.micronaut.serde.ObjectMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes records to their topic, keyed by project. What the broker does not take is counted and not sent again. */
@Singleton
class EgressTopic {
    private static final Logger LOG = LoggerFactory.getLogger(EgressTopic.class);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final String bootstrapServers;
    private final ObjectMapper json;
    private final LongAdder lost = new LongAdder();
    private @Nullable KafkaProducer<String, byte[]> producer;

    EgressTopic(@Value("${kafka.bootstrap.servers}") String bootstrapServers, ObjectMapper json) {
        this.bootstrapServers = bootstrapServers;
        this.json = json;
    }

    /** Hands the records to the broker's client; waits at most one second, and not for the broker's word. */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback counts what failed.
    synchronized void publish(List<EgressRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            EgressRecord record = records.get(i);
            try {
                producer()
                        .send(
                                new ProducerRecord<>(
                                        EgressRecord.TOPIC, record.projectId(), json.writeValueAsBytes(record)),
                                (_, failure) -> {
                                    if (failure != null) {
                                        lost.increment();
                                    }
                                });
            } catch (IOException | KafkaException e) {
                lost.add(records.size() - i);
                LOG.atWarn().addKeyValue("reason", e.getMessage()).log("egress records cannot be published");
                return;
            }
        }
    }

    /** How many records never reached the topic. */
    long lost() {
        return lost.sum();
    }

    private KafkaProducer<String, byte[]> producer() {
        KafkaProducer<String, byte[]> present = producer;
        if (present == null) {
            Properties settings = new Properties();
            settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            settings.put(ProducerConfig.CLIENT_ID_CONFIG, "mitm-proxy-egress");
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 50);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
            present = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
            producer = present;
        }
        return present;
    }

    @PreDestroy
    synchronized void close() {
        if (producer != null) {
            producer.close(CLOSING);
            producer = null;
        }
    }
}
