package dev.slipway.contracts.agent;

import io.micronaut.core.annotation.Creator;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A turn to be run: ACP content blocks as JSON. The same {@code turnId} again changes nothing.
 *
 * @param reasoning how hard the model is to think, one of the values that the agent offers; null leaves it
 * @param permissions {@code ask}, {@code edits} or {@code all} for this turn; null leaves what the agent was set up with
 * @param continues whether something was said in this session before; an agent that does not know of it answers 428
 * @param history what was said before, for an agent that does not know it; null if it is not needed
 */
@Serdeable
public record TurnRequest(
        String turnId,
        List<Map<String, Object>> prompt,
        @Nullable String model,
        @Nullable String mode,
        @Nullable String reasoning,
        @Nullable String permissions,
        boolean continues,
        @Nullable String history) {
    @Creator
    public TurnRequest {}

    /** A turn of a conversation that begins with it. */
    public TurnRequest(String turnId, List<Map<String, Object>> prompt, @Nullable String model, @Nullable String mode) {
        this(turnId, prompt, model, mode, null, null, false, null);
    }

    /** The same for an agent that has to be told what was said before. */
    public TurnRequest withHistory(String told) {
        return new TurnRequest(turnId, prompt, model, mode, reasoning, permissions, true, told);
    }
}
