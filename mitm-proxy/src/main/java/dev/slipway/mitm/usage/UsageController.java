package dev.slipway.mitm.usage;

import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What a project's sessions used, by session, day or model. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/usage")
final class UsageController {
    private final UsageRepository usage;
    private final Clock clock;

    UsageController(UsageRepository usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    @Get
    UsagePage list(
            String project,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String by,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate until = day("to", to, today);
        UsageGroup group = UsageGroup.parse(by);
        int count = Paging.limit(limit);
        var lines = usage.find(
                project, day("from", from, until.withDayOfMonth(1)), until, group, Paging.position(cursor), count + 1);
        var page = Paging.page(lines, count, group::keyOf);
        return new UsagePage(page.items(), page.nextCursor());
    }

    /** A date, or the day of a time, both in UTC. */
    private static LocalDate day(String field, @Nullable String text, LocalDate otherwise) {
        try {
            return text == null ? otherwise : LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid(field, text + " (expected: a day in UTC, for example 2026-01-31)");
        }
    }
}
