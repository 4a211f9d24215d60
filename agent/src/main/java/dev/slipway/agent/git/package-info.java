/** Git as this program uses it: to fetch the work, to keep it at the end of every turn, and to show what changed. */
@NullMarked
package dev.slipway.agent.git;

import org.jspecify.annotations.NullMarked;
