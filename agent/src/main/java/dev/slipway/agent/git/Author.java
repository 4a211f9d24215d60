package dev.slipway.agent.git;

/** In whose name commits are made. */
public record Author(String name, String email) {}
