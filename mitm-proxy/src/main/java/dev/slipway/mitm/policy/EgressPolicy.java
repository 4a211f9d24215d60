package dev.slipway.mitm.policy;

import dev.slipway.mitm.address.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * All that one session may reach. An empty policy means nothing, not everything.
 *
 * @param rules in order; the first that matches and names the port, else the first that matches, decides
 * @param narrowed what the workspace's own file confines it to, on top of the rules; empty for no such file
 */
public record EgressPolicy(List<Rule> rules, Optional<List<HostPattern>> narrowed) {
    /**
     * One allowed pattern.
     *
     * @param name where it came from: {@code group:anthropic}, {@code session}, {@code user}, {@code operator}
     */
    public record Rule(String name, HostPattern pattern) {}

    public EgressPolicy {
        rules = List.copyOf(rules);
        narrowed = narrowed.map(List::copyOf);
    }

    /** A policy that no workspace file narrows. */
    public EgressPolicy(List<Rule> rules) {
        this(rules, Optional.empty());
    }

    /** Whether the session may reach the target. */
    public Decision decide(HostPort target) {
        if (narrowed.isPresent() && narrowed.get().stream().noneMatch(pattern -> pattern.matches(target))) {
            return new Decision.Refused("the workspace's proxy file does not name " + target.host());
        }
        Rule found = null;
        for (Rule rule : rules) {
            if (rule.pattern.matches(target)) {
                if (rule.pattern.port().isPresent()) {
                    return new Decision.Allowed(rule.name, true);
                }
                found = found == null ? rule : found;
            }
        }
        return found == null
                ? new Decision.Refused("no rule allows " + target.host())
                : new Decision.Allowed(found.name, false);
    }
}
