package dev.slipway.gateway.door;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A resource's version as an entity tag (RFC 9110, section 8.8.3). */
public final class EntityTags {
    private static final Pattern TAG = Pattern.compile("\"v(\\d{1,18})\"");

    private EntityTags() {}

    /** The tag of a version. */
    public static String of(long version) {
        return "\"v" + version + "\"";
    }

    /** The version that an If-Match header demands; null for any. A tag that cannot be ours is stale: 412. */
    public static @Nullable Long version(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return null;
        }
        Matcher matcher = TAG.matcher(ifMatch);
        if (!matcher.matches()) {
            throw ProblemException.of(HttpStatus.PRECONDITION_FAILED, "stale", "If-Match names no present version.");
        }
        return Long.valueOf(matcher.group(1));
    }
}
