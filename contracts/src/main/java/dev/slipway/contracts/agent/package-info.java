/** What is said to the supervisor inside a sandbox, and the entries of its journal. */
@NullMarked
package dev.slipway.contracts.agent;

import org.jspecify.annotations.NullMarked;
