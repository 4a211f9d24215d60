package dev.slipway.container.agent;

import io.micronaut.serde.annotation.Serdeable;

/**
 * What goes on in a sandbox besides turns.
 *
 * @param terminal the position behind all output of its terminal
 * @param commands how many single commands run
 * @param connections how many lead to its ports
 */
@Serdeable
public record AgentActivity(long terminal, int commands, int connections) {}
