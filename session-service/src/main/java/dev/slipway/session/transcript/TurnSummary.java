package dev.slipway.session.transcript;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a turn beside its message.
 *
 * @param outcome null until the turn has ended
 * @param commit the checkpoint that holds its changes
 * @param costReported the agent's own running total in USD
 */
public record TurnSummary(
        @Nullable Outcome outcome,
        @Nullable String commit,
        long inputTokens,
        long outputTokens,
        @Nullable Double costReported) {
    /** Nothing yet. */
    public static final TurnSummary NONE = new TurnSummary(null, null, 0, 0, null);

    /** How a turn ended. */
    public enum Outcome {
        FINISHED,
        ABORTED,
        FAILED;

        /** The name on the wire. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the message's metadata says of it. */
    public Map<String, Object> metadata() {
        Map<String, Object> usage = inputTokens + outputTokens == 0
                ? Map.of()
                : Chunk.object("inputTokens", inputTokens, "outputTokens", outputTokens);
        return Chunk.object("commit", commit, "usage", usage.isEmpty() ? null : usage);
    }

    TurnSummary withOutcome(Outcome ended) {
        return new TurnSummary(ended, commit, inputTokens, outputTokens, costReported);
    }

    TurnSummary withCommit(String made) {
        return new TurnSummary(outcome, made, inputTokens, outputTokens, costReported);
    }

    TurnSummary withCost(double total) {
        return new TurnSummary(outcome, commit, inputTokens, outputTokens, total);
    }

    /** Agents write names of fields in two ways. */
    TurnSummary withUsage(Map<String, Object> usage) {
        long input = Math.max(Tree.number(usage, "inputTokens"), Tree.number(usage, "input_tokens"));
        long output = Math.max(Tree.number(usage, "outputTokens"), Tree.number(usage, "output_tokens"));
        return new TurnSummary(outcome, commit, input, output, costReported);
    }
}
