package dev.slipway.gateway.audit;

import dev.slipway.contracts.gateway.AuditRecord;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topic, made at start where it is missing; the broker's default replication, kept for a year. */
@Factory
@Requires(bean = org.apache.kafka.clients.admin.AdminClient.class)
class AuditTopics {
    private static final int PARTITIONS = 6;

    @Singleton
    @Named("audit")
    NewTopic audit() {
        return new NewTopic(AuditRecord.TOPIC, Optional.of(PARTITIONS), Optional.empty())
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(Duration.ofDays(365).toMillis())));
    }
}
