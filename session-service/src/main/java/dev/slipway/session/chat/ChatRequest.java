package dev.slipway.session.chat;

import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of POST chat, as the {@code ai} package's transport sends it.
 *
 * @param id the session's
 * @param messages the conversation as the client has it; its last user message is what is new
 * @param message instead of {@code messages}, the new one alone
 * @param messageId the message to be answered anew, with trigger {@code regenerate-message}
 */
@Serdeable
record ChatRequest(
        @Nullable String id,
        @Nullable List<Map<String, Object>> messages,
        @Nullable Map<String, Object> message,
        @Nullable String trigger,
        @Nullable String messageId,
        @Nullable String workspaceId,
        @Nullable String agentId,
        @Nullable String model,
        @Nullable String mode,
        @Nullable String reasoning) {
    private static final int MESSAGE_ID_MAX = 200;

    /** The session's id, checked. */
    String sessionId() {
        if (id == null || !Ids.isWellFormed(id)) {
            throw ProblemException.invalid(
                    "id", "missing or malformed (expected: 1 to 65 letters, digits and hyphens)");
        }
        return id;
    }

    /** Whether an answer is to be given anew. */
    boolean isRegeneration() {
        return "regenerate-message".equals(trigger);
    }

    /** The user's message that is to be answered. */
    UserMessage userMessage() {
        Map<String, Object> found = message != null
                ? message
                : (messages == null ? List.<Map<String, Object>>of() : messages)
                        .reversed().stream()
                                .filter(each -> "user".equals(each.get("role")))
                                .findFirst()
                                .orElseThrow(() -> ProblemException.invalid(
                                        "messages", "no message of role user (expected: one at the end)"));
        if (!"user".equals(found.get("role"))) {
            throw ProblemException.invalid("message.role", found.get("role") + " (expected: user)");
        }
        Object givenId = found.get("id");
        String messageIdToUse = givenId instanceof String text && !text.isBlank() ? text : Ids.text();
        if (messageIdToUse.length() > MESSAGE_ID_MAX) {
            throw ProblemException.invalid(
                    "message.id", "too long (expected: at most " + MESSAGE_ID_MAX + " characters)");
        }
        return new UserMessage(messageIdToUse, UserMessage.parts(found));
    }
}
