package dev.slipway.container.limits;

/**
 * What one sandbox is promised.
 *
 * @param diskBytes 0 where nobody bounds it
 */
public record Share(double cpus, long memoryBytes, long diskBytes, int pids) {}
