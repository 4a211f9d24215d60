/**
 * The care of bare caches: {@link RepackJob} keeps each small and quick, {@link SweepJob} finds those that are due and removes what
 * nobody knows any more. Both go on beside pushes and applies.
 */
@NullMarked
package dev.slipway.workspace.upkeep;

import org.jspecify.annotations.NullMarked;
