package dev.slipway.kit.inbox;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each event to its handler exactly once, in one transaction with the note that it was seen. */
@Singleton
class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final JdbcOperations jdbc;
    private final ObjectMapper json;
    private final Map<String, EventHandler<?>> handlers;

    Inbox(JdbcOperations jdbc, ObjectMapper json, List<EventHandler<?>> handlers) {
        this.jdbc = jdbc;
        this.json = json;
        this.handlers = handlers.stream()
                .collect(Collectors.toMap(handler -> LifecycleEvent.typeOf(handler.eventType()), Function.identity()));
    }

    boolean wants(EventEnvelope envelope) {
        return handlers.containsKey(envelope.type());
    }

    @Transactional
    public void take(ConsumerRecord<byte[], byte[]> received, EventEnvelope envelope) {
        EventHandler<?> handler = handlers.get(envelope.type());
        if (handler == null || !firstTime(envelope)) {
            return;
        }
        if (isSubjectSetAside(envelope.subject())) {
            write(received, envelope, "waits behind an earlier event of its subject");
            return;
        }
        apply(handler, envelope, received.value());
    }

    private <E extends LifecycleEvent> void apply(EventHandler<E> handler, EventEnvelope envelope, byte[] data) {
        E event;
        try {
            event = json.readValue(data, handler.eventType());
        } catch (IOException e) {
            throw new UnreadableEventException("unreadable: " + e.getMessage(), e);
        }
        handler.handle(envelope, event);
    }

    /** Keeps an event that cannot be handled, bytes and all, for {@code slipway} to list and to try again. */
    @Transactional
    public void setAside(ConsumerRecord<byte[], byte[]> received, @Nullable EventEnvelope envelope, String reason) {
        LOG.atError()
                .addKeyValue("topic", received.topic())
                .addKeyValue("partition", received.partition())
                .addKeyValue("offset", received.offset())
                .addKeyValue("reason", reason)
                .log("event set aside");
        write(received, envelope, reason);
    }

    private boolean firstTime(EventEnvelope envelope) {
        int inserted =
                jdbc.prepareStatement("INSERT INTO inbox (event_id) VALUES (?) ON CONFLICT DO NOTHING", insert -> {
                    insert.setObject(1, envelope.id());
                    return insert.executeUpdate();
                });
        return inserted == 1;
    }

    private boolean isSubjectSetAside(String subject) {
        return jdbc.prepareStatement("SELECT 1 FROM dead_letter WHERE subject = ? LIMIT 1", select -> {
            select.setString(1, subject);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        });
    }

    private void write(ConsumerRecord<byte[], byte[]> received, @Nullable EventEnvelope envelope, String reason) {
        jdbc.prepareStatement("""
                INSERT INTO dead_letter
                    (event_id, project_id, subject, type, headers, data, reason, topic, topic_partition, topic_offset)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (topic, topic_partition, topic_offset) DO NOTHING
                """, insert -> {
            insert.setObject(1, envelope == null ? null : envelope.id());
            insert.setString(2, envelope == null ? null : envelope.projectId());
            insert.setString(3, envelope == null ? null : envelope.subject());
            insert.setString(4, envelope == null ? null : envelope.type());
            insert.setString(5, received.headers().toString());
            insert.setBytes(6, received.value());
            insert.setString(7, reason);
            insert.setString(8, received.topic());
            insert.setInt(9, received.partition());
            insert.setLong(10, received.offset());
            return insert.executeUpdate();
        });
    }
}
