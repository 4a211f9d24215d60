package dev.slipway.mitm.usage;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** What a session may spend on models, and has spent. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}/egress/budget")
final class BudgetController {
    private static final double USD_MAX = 1_000_000;

    private final Budgets budgets;

    BudgetController(Budgets budgets) {
        this.budgets = budgets;
    }

    @Get
    BudgetView show(String project, String session) {
        return budgets.view(project, session);
    }

    @Put
    BudgetView set(String project, String session, @Body WantedBudget body, Caller caller) {
        caller.require(Role.ADMIN);
        Double usd = body.budgetUsd();
        if (usd != null && !(usd >= 0 && usd <= USD_MAX)) {
            throw ProblemException.unprocessable("budgetUsd", usd + " (expected: 0 to 1000000, or null)");
        }
        return budgets.setSession(project, session, usd);
    }
}
