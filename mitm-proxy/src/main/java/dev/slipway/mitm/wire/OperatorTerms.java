package dev.slipway.mitm.wire;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.cache.CacheTerms;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.policy.HostPattern;
import java.util.List;
import java.util.Map;

/**
 * What the operator set for all sessions; may change while connections are open.
 *
 * @param upstreams where a host's traffic goes instead
 * @param passThrough hosts whose TLS is not intercepted; no credential is ever put on what goes there
 * @param headers put on requests before the credentials are, by the same rules
 * @param logPaths whether the egress log has the paths of requests
 * @param cache what of the store of bodies that never change is in use
 */
public record OperatorTerms(
        UpstreamMap upstreams, List<HostPattern> passThrough, RuleSet headers, boolean logPaths, CacheTerms cache) {
    /** Nothing set. */
    public static final OperatorTerms NONE = new OperatorTerms(
            new UpstreamMap(Map.of()), List.of(), RuleSet.of(new InjectionRules(0, List.of())), true, CacheTerms.NONE);

    public OperatorTerms {
        passThrough = List.copyOf(passThrough);
    }

    /** The same with other upstreams. */
    public OperatorTerms with(UpstreamMap changed) {
        return new OperatorTerms(changed, passThrough, headers, logPaths, cache);
    }

    boolean passesThrough(HostPort target) {
        return passThrough.stream().anyMatch(pattern -> pattern.matches(target));
    }
}
