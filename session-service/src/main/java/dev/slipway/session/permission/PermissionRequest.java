package dev.slipway.session.permission;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent asked.
 *
 * @param kind {@code permission} or {@code question}
 * @param tool the tool that wants to act; null for questions
 * @param params those of ACP's {@code session/request_permission} or {@code elicitation/create}
 * @param answers what was said to a question, by its fields' names
 * @param declined whether the agent is to go on without an answer
 * @param defaultOption what is chosen if nobody answers before {@code expiresAt}; null for none of them
 */
public record PermissionRequest(
        String sessionId,
        String id,
        @Nullable String turnId,
        String kind,
        String title,
        @Nullable String tool,
        Map<String, Object> params,
        String state,
        @Nullable String optionId,
        @Nullable Map<String, Object> answers,
        boolean declined,
        @Nullable String answeredBy,
        @Nullable String defaultOption,
        Instant requestedAt,
        @Nullable Instant expiresAt) {
    boolean isQuestion() {
        return kind.equals("question");
    }
}
