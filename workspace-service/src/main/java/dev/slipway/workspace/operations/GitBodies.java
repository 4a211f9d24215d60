package dev.slipway.workspace.operations;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shapes of requests, one record each. */
final class GitBodies {
    private GitBodies() {}

    /** A text that has to be there. */
    static String need(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw ProblemException.invalid(field, "missing (expected: a text)");
        }
        return value;
    }

    @Serdeable
    record Checkout(@Nullable String ref) {}

    /** @param from where it starts; null for the current commit */
    @Serdeable
    record NewBranch(@Nullable String name, @Nullable String from) {}

    /** @param encoding {@code utf8} (default) or {@code base64} */
    @Serdeable
    record NewContent(
            @Nullable String path,
            @Nullable String content,
            @Nullable String encoding) {}

    /** @param paths null for all */
    @Serdeable
    record Paths(@Nullable List<String> paths) {}

    @Serdeable
    record NewCommit(
            @Nullable String message,
            @Nullable String authorName,
            @Nullable String authorEmail) {}

    /** @param branch null for the one that is checked out */
    @Serdeable
    record Push(@Nullable String branch) {}
}
