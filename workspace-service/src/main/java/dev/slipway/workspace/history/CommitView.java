package dev.slipway.workspace.history;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/** A commit as clients see it. */
@Serdeable
public record CommitView(
        String sha,
        String shortSha,
        String message,
        String author,
        String authorEmail,
        Instant authorDate,
        String committer,
        Instant commitDate,
        List<String> parents) {}
