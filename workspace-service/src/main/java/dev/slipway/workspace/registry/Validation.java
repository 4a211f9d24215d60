package dev.slipway.workspace.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** Whether something can be, or still is, a workspace; {@code message} says what is wrong if not. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Validation(boolean valid, @Nullable String message, String sourceType) {}
