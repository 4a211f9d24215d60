package dev.slipway.mitm.usage;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What a session may spend and has spent on models, in US dollars; a budget of null is no limit.
 *
 * @param projectSpentUsd in this calendar month, UTC
 */
@Serdeable
record BudgetView(
        @Nullable Double budgetUsd,
        double spentUsd,
        @Nullable Double projectBudgetUsd,
        double projectSpentUsd) {}
