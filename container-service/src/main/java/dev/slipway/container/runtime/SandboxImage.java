package dev.slipway.container.runtime;

/**
 * An image that is on the engine.
 *
 * @param reference as it was asked for
 * @param id its digest; what sandboxes are made from, so that a tag that moves changes no running session
 */
public record SandboxImage(String reference, String id) {}
