package dev.slipway.mitm.wire;

import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.inject.RuleSubject;
import dev.slipway.mitm.meter.Purse;
import dev.slipway.mitm.policy.EgressPolicy;

/**
 * What holds for a session at this moment.
 *
 * @param policy what it may reach
 * @param subject whose rules are put on its requests
 * @param headers of the workspace's approved file, put on before the credentials
 * @param purse what its model calls may cost
 */
public record Terms(EgressPolicy policy, RuleSubject subject, RuleSet headers, Purse purse) {}
