/** What the agent's socket answers: {@code docs/CONTRACTS.md}, section 5. Translates, and decides nothing. */
@NullMarked
package dev.slipway.agent.api;

import org.jspecify.annotations.NullMarked;
