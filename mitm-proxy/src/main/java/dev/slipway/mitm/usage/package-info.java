/**
 * What model calls cost, and what they may cost.
 *
 * <p>{@link UsageLog} adds up what the data path counted; {@link Budgets} holds the ledgers that the data path asks before a call, and
 * keeps them in step with the database, where other replicas' spending is too. {@link UsageController} and {@link BudgetController} show
 * both to people.
 */
@NullMarked
package dev.slipway.mitm.usage;

import org.jspecify.annotations.NullMarked;
