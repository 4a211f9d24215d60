/** What {@code bench/chat} runs: measurements and chaos, which are no tests since they depend on the machine or take long. */
@NullMarked
package dev.slipway.session.bench;

import org.jspecify.annotations.NullMarked;
