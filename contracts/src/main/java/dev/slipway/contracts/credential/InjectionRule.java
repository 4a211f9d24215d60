package dev.slipway.contracts.credential;

import io.micronaut.core.annotation.Creator;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy puts on requests to a host. {@code value} is a secret: its text form hides it.
 *
 * @param host exact, {@code *.x.com} (any depth, not the apex) or {@code *}
 * @param scope for whom and on what it is put; a personal rule beats the project's for the same host, path, action and name
 * @param credentialId the credential it comes from, named in the egress log; null if it comes from none
 * @param action {@code set}, {@code append} or {@code remove} a header, {@code query} parameter, or {@code basic} (name = user)
 */
@Serdeable
public record InjectionRule(
        String id,
        String provider,
        String host,
        @Nullable String pathPrefix,
        String action,
        String name,
        String value,
        List<Condition> conditions,
        RuleScope scope,
        @Nullable String credentialId) {
    @Creator
    public InjectionRule {
        conditions = List.copyOf(conditions);
    }

    /** A rule for the whole project. */
    public InjectionRule(
            String id,
            String provider,
            String host,
            @Nullable String pathPrefix,
            String action,
            String name,
            String value,
            List<Condition> conditions) {
        this(id, provider, host, pathPrefix, action, name, value, conditions, RuleScope.PROJECT, null);
    }

    @Override
    public String toString() {
        return "InjectionRule[id=" + id + ", provider=" + provider + ", host=" + host + ", pathPrefix=" + pathPrefix
                + ", action=" + action + ", name=" + name + ", value=hidden, scope=" + scope + ", credentialId="
                + credentialId + "]";
    }
}
