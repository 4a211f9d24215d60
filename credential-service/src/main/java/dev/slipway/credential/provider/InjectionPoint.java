package dev.slipway.credential.provider;

import dev.slipway.contracts.credential.Condition;
import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.RuleScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place where a secret goes.
 *
 * @param host exact or {@code *.x.com}, with a port if only that one is meant
 * @param pathPrefix null for the whole host; of two prefixes that fit, the longer one wins
 */
public record InjectionPoint(String host, @Nullable String pathPrefix, Placement placement) {
    /** Whether the proxy could not tell which of the two is meant. */
    public boolean collidesWith(InjectionPoint other) {
        String mine = pathPrefix == null ? "" : pathPrefix;
        String others = other.pathPrefix == null ? "" : other.pathPrefix;
        return host.equals(other.host)
                && mine.equals(others)
                && placement.place().equals(other.placement.place());
    }

    /** The rule that puts this secret here. */
    public InjectionRule rule(Source source, String secret) {
        return switch (placement) {
            case Placement.Header(String name, String template) ->
                rule(source, "set", name, template.replace(Placement.SECRET, secret), List.of());
            case Placement.Appended(String name, String text) -> rule(source, "append", name, text, List.of());
            case Placement.Query(String name, String template) ->
                rule(source, "query", name, template.replace(Placement.SECRET, secret), List.of());
            case Placement.Basic(String user) -> rule(source, "basic", user, secret, List.of());
            case Placement.Removed(String name, String ifEquals) ->
                rule(source, "remove", name, "", source.removes(name, ifEquals));
        };
    }

    private InjectionRule rule(Source source, String action, String name, String value, List<Condition> conditions) {
        return new InjectionRule(
                source.ruleId(),
                source.provider(),
                host,
                pathPrefix,
                action,
                name,
                value,
                conditions,
                source.scope(),
                source.credentialId());
    }

    /** What a rule says of the credential that it comes from. */
    public record Source(String ruleId, String provider, RuleScope scope, String credentialId) {
        /**
         * When a header is taken away. A personal rule does so in any case: the project's own could put another secret there,
         * and the request would carry two.
         */
        private List<Condition> removes(String name, String ifEquals) {
            return scope.userId() == null ? List.of(new Condition(name, ifEquals)) : List.of();
        }
    }
}
