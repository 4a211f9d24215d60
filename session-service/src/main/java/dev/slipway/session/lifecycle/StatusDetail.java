package dev.slipway.session.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What goes on within a status, for people.
 *
 * @param progress percent
 */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record StatusDetail(
        @Nullable String phase,
        @Nullable Integer progress,
        @Nullable String message) {
    /** Nothing to say. */
    public static final StatusDetail NONE = new StatusDetail(null, null, null);

    /** A sentence about a phase, no percentage. */
    static StatusDetail of(String phase, String message) {
        return new StatusDetail(phase, null, message);
    }
}
