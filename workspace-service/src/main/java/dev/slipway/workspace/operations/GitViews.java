package dev.slipway.workspace.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.workspace.history.CommitView;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shapes of answers, one record each. */
final class GitViews {
    private GitViews() {}

    /** It was done. */
    @Serdeable
    record Done(boolean success) {
        static final Done DONE = new Done(true);
    }

    /** A branch; {@code upstream} is what it follows. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Branch(
            String name,
            boolean isRemote,
            boolean isCurrent,
            String commit,
            @Nullable String upstream) {}

    /** A page of branches. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Branches(List<Branch> branches, @Nullable String nextCursor) {}

    /** An entry of a folder; {@code size} is null for folders. */
    @Serdeable
    record Entry(
            String path,
            String name,
            boolean isDir,
            @Nullable Long size,
            String mode) {}

    /** A page of a folder. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entries(List<Entry> files, @Nullable String nextCursor) {}

    /** A file; {@code encoding} is {@code utf8} or {@code base64}. */
    @Serdeable
    record Content(String path, @Nullable String ref, String content, String encoding, long size) {}

    /** A page of commits, newest first. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Log(List<CommitView> commits, @Nullable String nextCursor) {}

    /** Who last changed a line; lines count from 1. */
    @Serdeable
    record BlameLine(
            int line,
            String sha,
            String author,
            String authorEmail,
            java.time.Instant authorDate,
            String summary,
            String content) {}

    /** A part of a file with the commits that its lines come from. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Blame(
            String path, List<BlameLine> lines, @Nullable Integer nextFrom) {}
}
