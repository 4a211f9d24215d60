package dev.slipway.workspace.diff;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one file.
 *
 * @param status {@code added}, {@code modified}, {@code deleted}, {@code renamed} or {@code unchanged}
 * @param oldPath where it was, if it was renamed
 * @param additions lines; null if only the list was asked for
 * @param patch as git prints it; null if only the list was asked for or it is too large
 * @param note why there is no patch, or only its beginning
 */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileDiff(
        String path,
        String status,
        @Nullable String oldPath,
        @Nullable Integer additions,
        @Nullable Integer deletions,
        @Nullable Boolean binary,
        @Nullable String patch,
        @Nullable String note) {

    FileDiff with(@Nullable String text, @Nullable String why) {
        return new FileDiff(path, status, oldPath, additions, deletions, binary, text, why);
    }

    FileDiff listed() {
        return new FileDiff(path, status, oldPath, null, null, null, null, null);
    }
}
