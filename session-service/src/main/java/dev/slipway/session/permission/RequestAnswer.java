package dev.slipway.session.permission;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request of an agent: one of its options, answers to its questions, or neither of them.
 *
 * @param declined the agent is to go on without an answer; otherwise it is told that nobody will choose
 */
record RequestAnswer(@Nullable String optionId, @Nullable Map<String, Object> answers, boolean declined) {
    static final RequestAnswer CANCELLED = new RequestAnswer(null, null, false);
    static final RequestAnswer DECLINED = new RequestAnswer(null, null, true);

    static RequestAnswer option(String id) {
        return new RequestAnswer(id, null, false);
    }

    static RequestAnswer of(Map<String, Object> answers) {
        return new RequestAnswer(null, Map.copyOf(answers), false);
    }
}
