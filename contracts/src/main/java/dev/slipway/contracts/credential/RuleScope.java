package dev.slipway.contracts.credential;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For whom a rule is meant. An empty list is no limit; all limits must hold.
 *
 * @param userId the one user whose sessions the rule serves, for a personal credential; null for the whole project
 * @param workspaces ids of the workspaces whose sessions may use it
 * @param agents agent types that may use it, such as {@code claude-code}
 * @param methods HTTP methods, upper case, on which it is put
 */
@Serdeable
public record RuleScope(@Nullable String userId, List<String> workspaces, List<String> agents, List<String> methods) {
    /** Everybody's, everywhere in the project. */
    public static final RuleScope PROJECT = new RuleScope(null, List.of(), List.of(), List.of());

    public RuleScope {
        workspaces = List.copyOf(workspaces);
        agents = List.copyOf(agents);
        methods = List.copyOf(methods);
    }
}
