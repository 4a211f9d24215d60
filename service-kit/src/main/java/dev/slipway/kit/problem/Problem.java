package dev.slipway.kit.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as clients see it (RFC 9457).
 *
 * @param type stable URI reference, documented under {@code docs/problems/}
 * @param detail what was found and what to do
 * @param instance the request's id
 * @param errors the fields at fault; empty when it is not about a field
 * @param error the same text as {@code detail}, for older clients
 */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        List<FieldError> errors,
        String error) {
    /** The media type of problems. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** One field at fault. */
    @Serdeable
    public record FieldError(String field, String detail) {}
}
