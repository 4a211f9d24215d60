package dev.slipway.gateway.admin;

import dev.slipway.gateway.admin.Installation.Stats;
import dev.slipway.gateway.door.Admission;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Figures of this installation, for administrators. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/admin/stats")
class StatsController {
    private final Installation installation;

    StatsController(Installation installation) {
        this.installation = installation;
    }

    @Get
    Stats stats(Admission admission) {
        admission.requireSystemAdmin();
        return installation.stats();
    }
}
