package dev.slipway.gateway.events;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/** Makes consumers that belong to no group: they read where they are told to and remember nothing. */
@Singleton
class LogReaders {
    /** All of the log. */
    static final List<TopicPartition> PARTITIONS = IntStream.range(0, LifecycleEvent.PARTITIONS)
            .mapToObj(LogReaders::partition)
            .toList();

    private final String bootstrapServers;

    LogReaders(@Value("${kafka.bootstrap.servers}") String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    KafkaConsumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000,
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        8_000,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        1_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    static TopicPartition partition(int number) {
        return new TopicPartition(LifecycleEvent.TOPIC, number);
    }

    /** The partition that holds all events of a project, as every producer's default partitioner chooses it by the key. */
    static int partitionOf(String projectId) {
        byte[] key = projectId.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % LifecycleEvent.PARTITIONS;
    }
}
