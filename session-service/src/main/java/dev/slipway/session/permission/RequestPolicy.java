package dev.slipway.session.permission;

import dev.slipway.session.transcript.Tree;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of a permission request's options to choose without asking anybody. */
final class RequestPolicy {
    private RequestPolicy() {}

    /** The option that follows from a session's policy ({@code ask}, {@code edits}, {@code all}). */
    static Optional<String> of(@Nullable String permissions, Map<String, Object> params) {
        String kind = kind(params);
        boolean allowed = "all".equals(permissions) || ("edits".equals(permissions) && kind.equals("edit"));
        return allowed && mayDecide(params) ? option(params, "allow_once", "allow_always") : Optional.empty();
    }

    /** The option that follows from what a member said of the tool for good. */
    static Optional<String> ofRule(String decision, Map<String, Object> params) {
        if (!mayDecide(params)) {
            return Optional.empty();
        }
        return decision.equals("allow")
                ? option(params, "allow_once", "allow_always")
                : option(params, "reject_once", "reject_always");
    }

    /** What to choose when nobody answered: the agent goes on without doing it. */
    static Optional<String> unanswered(Map<String, Object> params) {
        return option(params, "reject_once", "reject_always");
    }

    /** Whether an option allows or rejects; nothing if it says neither. */
    static Optional<String> decision(Map<String, Object> params, String optionId) {
        return options(params)
                .filter(option -> optionId.equals(option.get("optionId")))
                .map(option -> Objects.requireNonNullElse(Tree.text(option, "kind"), ""))
                .filter(kind -> kind.startsWith("allow") || kind.startsWith("reject"))
                .map(kind -> kind.startsWith("allow") ? "allow" : "reject")
                .findFirst();
    }

    /** Leaving plan mode is asked by the same message, but it is about the plan and not about danger. */
    private static boolean mayDecide(Map<String, Object> params) {
        return !kind(params).equals("switch_mode");
    }

    private static String kind(Map<String, Object> params) {
        return Objects.requireNonNullElse(Tree.text(Tree.object(params, "toolCall"), "kind"), "");
    }

    /** Once rather than always: "always" makes some agents write a settings file into the work tree. */
    private static Optional<String> option(Map<String, Object> params, String... kinds) {
        return List.of(kinds).stream()
                .flatMap(kind -> options(params).filter(option -> kind.equals(option.get("kind"))))
                .map(option -> String.valueOf(option.get("optionId")))
                .findFirst();
    }

    private static java.util.stream.Stream<Map<String, Object>> options(Map<String, Object> params) {
        return Tree.objects(params, "options").stream();
    }
}
