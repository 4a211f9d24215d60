package dev.slipway.container.warm;

/**
 * Starts of one kind in the time that counts.
 *
 * @param image its name
 * @param tmpBytes size of {@code /tmp}
 * @param lastMinute how many of them in the last minute
 */
record Demand(String image, long tmpBytes, int lastMinute) {}
