package dev.slipway.kit.job;

/**
 * A piece of work in hand.
 *
 * @param payload what the job was queued with, usually JSON
 * @param revision rises each time the same job is queued again
 * @param fence rises with each taking; a write of a result that carries it loses against a later taker
 * @param attempt from 1
 */
public record Job(String kind, String key, String payload, long revision, long fence, int attempt) {}
