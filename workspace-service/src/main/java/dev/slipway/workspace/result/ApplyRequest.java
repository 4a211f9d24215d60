package dev.slipway.workspace.result;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a session's work is to go where.
 *
 * @param select the parts; null or empty for all
 * @param commitMessage null for one made from the checkpoints
 * @param target a branch of the workspace, made if there is none; null for the one that is checked out
 */
@Serdeable
public record ApplyRequest(
        @Nullable List<Part> select,
        @Nullable String commitMessage,
        @Nullable String target) {
    /**
     * A file, or some of its hunks.
     *
     * @param hunks their numbers in the session's patch of the file, from 0; null or empty for the whole file
     */
    @Serdeable
    public record Part(@Nullable String file, @Nullable List<Integer> hunks) {}
}
