package dev.slipway.contracts.credential;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy puts on requests to a host. {@code value} is a secret: its text form hides it.
 *
 * @param host exact, {@code *.x.com} (any depth, not the apex) or {@code *}
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
        List<Condition> conditions) {
    public InjectionRule {
        conditions = List.copyOf(conditions);
    }

    @Override
    public String toString() {
        return "InjectionRule[id=" + id + ", provider=" + provider + ", host=" + host + ", pathPrefix=" + pathPrefix
                + ", action=" + action + ", name=" + name + ", value=hidden]";
    }
}
