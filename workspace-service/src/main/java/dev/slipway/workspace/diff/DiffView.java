package dev.slipway.workspace.diff;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The differences of a session; {@code note} says so if there are more files than are listed. */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DiffView(
        List<FileDiff> files, DiffStats stats, @Nullable String note) {
    /** Sums over all files. */
    @Serdeable
    public record DiffStats(int filesChanged, int additions, int deletions) {}
}
