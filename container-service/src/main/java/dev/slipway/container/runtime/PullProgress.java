package dev.slipway.container.runtime;

/** How far a pull is: {@code percent} of the bytes known so far. */
public record PullProgress(int percent, String message) {}
