package dev.slipway.contracts.credential;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * All rules of a project; a higher {@code version} replaces a lower one.
 */
@Serdeable
public record InjectionRules(long version, List<InjectionRule> rules) {
    public InjectionRules {
        rules = List.copyOf(rules);
    }
}
