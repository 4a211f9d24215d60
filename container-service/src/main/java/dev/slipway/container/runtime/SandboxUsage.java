package dev.slipway.container.runtime;

/**
 * What a sandbox has used.
 *
 * @param cpuSeconds since its container was started
 * @param memoryBytes at this moment
 */
public record SandboxUsage(double cpuSeconds, long memoryBytes) {}
