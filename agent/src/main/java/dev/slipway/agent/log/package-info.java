/** One JSON object per line on standard output: a fixed sentence with keys and values, never a secret. */
@NullMarked
package dev.slipway.agent.log;

import org.jspecify.annotations.NullMarked;
