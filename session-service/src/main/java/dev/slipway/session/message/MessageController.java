package dev.slipway.session.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.SessionService;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session's messages over HTTP: the newest page first, each page oldest first. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}/messages")
class MessageController {
    private final MessageRepository messages;
    private final SessionService sessions;

    MessageController(MessageRepository messages, SessionService sessions) {
        this.messages = messages;
        this.sessions = sessions;
    }

    @Get
    MessageList list(
            String project, String session, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        sessions.get(project, session);
        int size = Paging.limit(limit);
        Paging.Page<MessageRepository.Stored> page = Paging.page(
                messages.newest(session, position(cursor), size + 1),
                size,
                message -> Long.toString(message.position()));
        return new MessageList(
                page.items().reversed().stream().map(MessageView::of).toList(), page.nextCursor());
    }

    private static @Nullable Long position(@Nullable String cursor) {
        String position = Paging.position(cursor);
        try {
            return position == null ? null : Long.valueOf(position);
        } catch (NumberFormatException _) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
    }

    /** A UIMessage of the {@code ai} package. */
    @Serdeable
    record MessageView(String id, String role, List<Map<String, Object>> parts, Map<String, Object> metadata) {
        static MessageView of(MessageRepository.Stored message) {
            Map<String, Object> metadata = new java.util.LinkedHashMap<>(message.metadata());
            metadata.put("createdAt", message.createdAt().toString());
            return new MessageView(message.id(), message.role(), message.parts(), metadata);
        }
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record MessageList(List<MessageView> messages, @Nullable String nextCursor) {}
}
