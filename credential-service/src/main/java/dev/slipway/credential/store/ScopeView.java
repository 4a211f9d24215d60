package dev.slipway.credential.store;

import dev.slipway.credential.provider.Scope;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a credential is limited to, as users write and read it; a list that is missing or empty is no limit.
 *
 * @param workspaces ids
 * @param agents agent types
 * @param methods HTTP methods, in any case
 * @param paths prefixes of paths, whole segments
 */
@Serdeable
public record ScopeView(
        @Nullable List<String> workspaces,
        @Nullable List<String> agents,
        @Nullable List<String> methods,
        @Nullable List<String> paths) {
    private static final int ENTRIES_MAX = 50;
    private static final Pattern AGENT = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

    static ScopeView of(Scope scope) {
        return new ScopeView(scope.workspaces(), scope.agents(), scope.methods(), scope.paths());
    }

    /** The limits that a user sent, checked; null is none. */
    public static Scope checked(@Nullable ScopeView sent) {
        if (sent == null) {
            return Scope.ANY;
        }
        return new Scope(
                entries("scope.workspaces", sent.workspaces, Ids::isWellFormed, "ids of workspaces"),
                entries(
                        "scope.agents",
                        sent.agents,
                        each -> AGENT.matcher(each).matches(),
                        "agent types such as claude-code"),
                entries(
                        "scope.methods",
                        sent.methods == null
                                ? null
                                : sent.methods.stream()
                                        .map(each -> each.toUpperCase(Locale.ROOT))
                                        .toList(),
                        each -> METHOD.matcher(each).matches(),
                        "HTTP methods such as GET"),
                entries("scope.paths", sent.paths, Targets::isPath, "paths with a slash first, nothing encoded"));
    }

    private static List<String> entries(
            String field, @Nullable List<String> sent, Predicate<String> good, String expected) {
        if (sent == null) {
            return List.of();
        }
        if (sent.size() > ENTRIES_MAX) {
            throw ProblemException.unprocessable(
                    field, sent.size() + " entries (expected: at most " + ENTRIES_MAX + ")");
        }
        if (!sent.stream().allMatch(good)) {
            throw ProblemException.unprocessable(field, "an entry makes no sense (expected: " + expected + ")");
        }
        return sent.stream().distinct().toList();
    }
}
