package dev.slipway.container.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * The image of a session's sandbox.
 *
 * @param image its name
 * @param digest what the sandbox runs; null before it was ever made
 * @param newest what the name stands for now; null if that is not here
 * @param outdated whether these two differ
 */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SessionImage(
        String projectId,
        String sessionId,
        String image,
        @Nullable String digest,
        @Nullable String newest,
        boolean outdated) {}
