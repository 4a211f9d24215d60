package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.flat.UsageService.Asked;
import dev.slipway.gateway.flat.UsageService.UsagePage;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** What the caller's projects used of models. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/usage")
class UsageController {
    private final UsageService usage;

    UsageController(UsageService usage) {
        this.usage = usage;
    }

    @Get
    UsagePage list(
            Admission admission,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String by,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        return usage.list(admission, new Asked(from, to, by), limit, cursor);
    }
}
