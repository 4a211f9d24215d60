package dev.slipway.mitm.inject;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.RuleScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests the rules are asked for.
 *
 * @param credentialId if set, the only credential that may be put on them
 */
public record RuleSubject(
        String userId,
        String workspaceId,
        String agentType,
        @Nullable String credentialId) {
    /** The provider of rules that come from a configuration and hold no credential. */
    public static final String OPERATOR = "config";

    /** Whether the rule is meant for a request of this subject with this method. */
    boolean mayUse(InjectionRule rule, String method) {
        RuleScope scope = rule.scope();
        return (scope.userId() == null || scope.userId().equals(userId))
                && (credentialId == null
                        || rule.provider().equals(OPERATOR)
                        || credentialId.equals(rule.credentialId()))
                && holds(scope.workspaces(), workspaceId)
                && holds(scope.agents(), agentType)
                && holds(scope.methods(), method);
    }

    /** An empty list is no limit. */
    private static boolean holds(List<String> allowed, String mine) {
        return allowed.isEmpty() || allowed.contains(mine);
    }
}
