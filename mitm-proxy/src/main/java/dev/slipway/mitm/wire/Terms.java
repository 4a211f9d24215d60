package dev.slipway.mitm.wire;

import dev.slipway.mitm.inject.RuleSubject;
import dev.slipway.mitm.policy.EgressPolicy;

/**
 * What holds for a session at this moment.
 *
 * @param policy what it may reach
 * @param subject whose rules are put on its requests
 */
public record Terms(EgressPolicy policy, RuleSubject subject) {}
