package dev.slipway.mitm.egress;

import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session's egress log, newest first. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}/egress")
final class EgressController {
    private static final Set<String> DECISIONS = Set.of("allowed", "blocked", "invalid", "failed");

    private final EgressRepository records;
    private final EgressWriter writer;

    EgressController(EgressRepository records, EgressWriter writer) {
        this.records = records;
        this.writer = writer;
    }

    @Get
    EgressPage list(
            String project,
            String session,
            @Nullable @QueryValue String since,
            @Nullable @QueryValue String decision,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        if (decision != null && !DECISIONS.contains(decision)) {
            throw ProblemException.invalid("decision", decision + " (expected: allowed, blocked, invalid or failed)");
        }
        int count = Paging.limit(limit);
        var rows = records.find(project, session, time(since), decision, before(cursor), count + 1);
        var page = Paging.page(rows, count, row -> Long.toString(row.position()));
        return new EgressPage(
                page.items().stream().map(EgressRow::record).toList(), page.nextCursor(), writer.dropped());
    }

    private static @Nullable Instant time(@Nullable String since) {
        try {
            return since == null ? null : Instant.parse(since);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid(
                    "since", since + " (expected: a time as in RFC 3339, for example 2026-01-31T12:00:00Z)");
        }
    }

    private static long before(@Nullable String cursor) {
        String position = Paging.position(cursor);
        try {
            return position == null ? Long.MAX_VALUE : Long.parseLong(position);
        } catch (NumberFormatException e) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
    }
}
