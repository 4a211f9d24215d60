package dev.slipway.mitm.usage;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.math.BigDecimal;

/** A project's budget as it is stored. */
@MappedEntity("project_budget")
record BudgetRow(@Id String projectId, BigDecimal budgetUsd) {}
