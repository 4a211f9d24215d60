package dev.slipway.workspace.diff;

import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.Skip;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A difference as an answer over HTTP, sent as it is read. */
public final class DiffAnswer {
    private DiffAnswer() {}

    /** The answer in the wanted format: {@code full} (JSON, also if none is said) or {@code patch}. */
    public static HttpResponse<InputStream> of(
            @Nullable String format, Diffs.Reader reader, Diffs.Reading json, Diffs.Reading patch) {
        return switch (format == null ? "full" : format) {
            case "full" -> answer(reader.read(json), MediaType.APPLICATION_JSON);
            case "patch" -> answer(reader.read(patch), "text/x-diff; charset=utf-8");
            default -> throw ProblemException.invalid("format", "unknown (expected: full, files or patch)");
        };
    }

    /** The page that is asked for; all of it if neither a limit nor a cursor is given. */
    public static Diffs.Page page(@Nullable Integer limit, @Nullable String cursor) {
        return limit == null && cursor == null ? Diffs.Page.ALL : new Diffs.Page(Skip.of(cursor), Paging.limit(limit));
    }

    private static HttpResponse<InputStream> answer(InputStream body, String type) {
        MutableHttpResponse<InputStream> response = HttpResponse.ok(body);
        return response.contentType(MediaType.of(type));
    }
}
