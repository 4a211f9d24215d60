/**
 * Request ids on every answer and in every log line.
 */
@NullMarked
package dev.slipway.kit.telemetry;

import org.jspecify.annotations.NullMarked;
