package dev.slipway.container.runtime;

/** Which engine answers: {@code kind} is {@code docker} or {@code podman}. */
public record EngineInfo(String kind, String version) {}
