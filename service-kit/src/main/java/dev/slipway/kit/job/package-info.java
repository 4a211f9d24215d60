/**
 * Slow work as rows: leased, fenced, retried with backoff, and kept as dead when nothing helps.
 */
@NullMarked
package dev.slipway.kit.job;

import org.jspecify.annotations.NullMarked;
