package dev.slipway.workspace.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What differs between the last commit, the index and the files. Lists are cut at {@link Status#ENTRIES_MAX}; {@code truncated} says so. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record StatusView(
        @Nullable String branch,
        @Nullable String commit,
        @Nullable String commitShort,
        int ahead,
        int behind,
        List<Change> staged,
        List<Change> unstaged,
        List<String> untracked,
        boolean isClean,
        boolean hasConflicts,
        boolean truncated) {
    /** One file; {@code oldPath} if it was renamed. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(
            String path, String status, @Nullable String oldPath) {}
}
