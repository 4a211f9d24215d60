package dev.slipway.credential.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a token endpoint answered. */
sealed interface Grant {
    /**
     * Tokens. The text form hides them.
     *
     * @param refresh gets the next one; null if the answer has none
     * @param lifetime from now; null if it is not said
     * @param account at the provider; null if it is not said
     */
    record Given(
            String token,
            @Nullable String refresh,
            @Nullable Duration lifetime,
            @Nullable String account) implements Grant {
        @Override
        public String toString() {
            return "Given[hidden]";
        }
    }

    /**
     * The provider said no.
     *
     * @param error the code of RFC 6749, section 5.2, or RFC 8628, section 3.5; {@code unknown} if it gave none
     * @param interval how long to wait between polls from now on; null if it is not said
     */
    record Refused(String error, @Nullable Duration interval) implements Grant {}

    /**
     * It cannot be told: no answer, or one that says nothing of the question.
     *
     * @param reason for users
     */
    record Unclear(String reason, @Nullable Duration retryAfter) implements Grant {}
}
