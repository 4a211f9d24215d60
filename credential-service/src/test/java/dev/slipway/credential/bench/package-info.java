/** What {@code bench/credentials/run.sh} measures. */
@NullMarked
package dev.slipway.credential.bench;

import org.jspecify.annotations.NullMarked;
