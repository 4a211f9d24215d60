package dev.slipway.session.agent;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Versions of resources in headers (RFC 9110, section 8.8.3). */
public final class Etag {
    private Etag() {}

    /** The header's value for a version. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /** Ends the request with 412 if the client's {@code If-Match} names another version. */
    public static void check(@Nullable String ifMatch, long version) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return;
        }
        for (String tag : ifMatch.split(",", -1)) {
            if (tag.strip().equals(of(version))) {
                return;
            }
        }
        throw ProblemException.of(
                HttpStatus.PRECONDITION_FAILED, "stale", "Somebody changed it meanwhile. Read it again and repeat.");
    }
}
