package dev.slipway.mitm.usage;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** A session's new budget in US dollars; null takes the limit away. */
@Serdeable
record WantedBudget(@Nullable Double budgetUsd) {}
