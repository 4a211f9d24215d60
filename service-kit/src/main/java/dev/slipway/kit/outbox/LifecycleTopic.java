package dev.slipway.kit.outbox;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.contracts.mitm.EgressRecord;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topics, made at start where they are missing; the broker's default replication. */
@Factory
@Requires(bean = org.apache.kafka.clients.admin.AdminClient.class)
class LifecycleTopic {
    private static final String NINETY_DAYS = Long.toString(90L * 24 * 3600 * 1000);
    private static final String SEVEN_DAYS = Long.toString(7L * 24 * 3600 * 1000);

    @Singleton
    @Named("lifecycle")
    NewTopic lifecycle() {
        return new NewTopic(LifecycleEvent.TOPIC, Optional.of(LifecycleEvent.PARTITIONS), Optional.empty())
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, NINETY_DAYS));
    }

    @Singleton
    @Named("egress")
    NewTopic egress() {
        return new NewTopic(EgressRecord.TOPIC, Optional.of(LifecycleEvent.PARTITIONS), Optional.empty())
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, SEVEN_DAYS));
    }
}
