package dev.slipway.credential.provider;

import dev.slipway.contracts.credential.Condition;
import dev.slipway.contracts.credential.InjectionRule;
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
    public InjectionRule rule(String id, String provider, String secret) {
        return switch (placement) {
            case Placement.Header(String name, String template) ->
                rule(id, provider, "set", name, template.replace(Placement.SECRET, secret), List.of());
            case Placement.Appended(String name, String text) -> rule(id, provider, "append", name, text, List.of());
            case Placement.Query(String name, String template) ->
                rule(id, provider, "query", name, template.replace(Placement.SECRET, secret), List.of());
            case Placement.Basic(String user) -> rule(id, provider, "basic", user, secret, List.of());
            case Placement.Removed(String name, String ifEquals) ->
                rule(id, provider, "remove", name, "", List.of(new Condition(name, ifEquals)));
        };
    }

    private InjectionRule rule(
            String id, String provider, String action, String name, String value, List<Condition> conditions) {
        return new InjectionRule(id, provider, host, pathPrefix, action, name, value, conditions);
    }
}
