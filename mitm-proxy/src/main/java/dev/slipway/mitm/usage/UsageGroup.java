package dev.slipway.mitm.usage;

import dev.slipway.kit.problem.ProblemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By what usage is summed. */
enum UsageGroup {
    SESSION("session_id"),
    DAY("day::text"),
    MODEL("model");

    /** The column's expression: ours, never the caller's. */
    final String sql;

    UsageGroup(String sql) {
        this.sql = sql;
    }

    static UsageGroup parse(@Nullable String text) {
        if (text == null) {
            return DAY;
        }
        for (UsageGroup group : values()) {
            if (group.name().toLowerCase(Locale.ROOT).equals(text)) {
                return group;
            }
        }
        throw ProblemException.invalid("by", text + " (expected: session, day or model)");
    }

    UsageLine line(String key, UsageLine sums) {
        return new UsageLine(
                this == SESSION ? key : null,
                this == DAY ? key : null,
                this == MODEL ? key : null,
                sums.calls(),
                sums.unpricedCalls(),
                sums.inputTokens(),
                sums.outputTokens(),
                sums.costUsd());
    }

    String keyOf(UsageLine line) {
        return String.valueOf(
                switch (this) {
                    case SESSION -> line.sessionId();
                    case DAY -> line.day();
                    case MODEL -> line.model();
                });
    }
}
