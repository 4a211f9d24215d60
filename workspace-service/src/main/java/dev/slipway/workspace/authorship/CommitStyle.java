package dev.slipway.workspace.authorship;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.Person;
import io.micronaut.serde.annotation.Serdeable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the messages of commits look that we make in a workspace.
 *
 * @param signOff whether {@code Signed-off-by} is added
 * @param conventional {@code off}, {@code check} or {@code prefix}: what is done about titles that are not conventional
 * @param coAuthors whether agents are named as co-authors
 * @param sessionTrailer whether the session is named
 * @param trailers lines that every message gets, {@code Key: value}
 */
@Serdeable
public record CommitStyle(
        boolean signOff, String conventional, boolean coAuthors, boolean sessionTrailer, List<String> trailers) {
    private static final Pattern CONVENTIONAL = Pattern.compile(
            "(build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(\\([^()\\n]+\\))?!?: \\S.*");
    private static final Pattern TRAILER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,60}: \\S[^\\p{Cntrl}]{0,300}");
    private static final int TRAILERS_MAX = 20;

    public CommitStyle {
        trailers = List.copyOf(trailers);
        check(conventional, trailers);
    }

    static void check(String conventional, List<String> trailers) {
        if (!List.of("off", "check", "prefix").contains(conventional)) {
            throw ProblemException.invalid("conventional", "unknown (expected: off, check or prefix)");
        }
        if (trailers.size() > TRAILERS_MAX
                || !trailers.stream().allMatch(line -> TRAILER.matcher(line).matches())) {
            throw ProblemException.invalid(
                    "trailers", "too many or not trailers (expected: at most " + TRAILERS_MAX + " of \"Key: value\")");
        }
    }

    /** The message of a commit, whose title was given by the user. 422 if the title may not be like this. */
    public String given(String field, String message, List<String> more, Person committer) {
        if (conventional.equals("check") && !isConventional(message)) {
            throw ProblemException.unprocessable(
                    field, "the title is not conventional (expected: as in \"feat(parser): read arrays\")");
        }
        return made(message, more, committer);
    }

    /** The message of a commit, whose title we made. */
    public String made(String message, List<String> more, Person committer) {
        String text = message.strip();
        String titled = conventional.equals("off") || isConventional(text) ? text : "chore: " + text;
        Set<String> lines = new LinkedHashSet<>(more);
        lines.addAll(trailers);
        if (signOff) {
            lines.add("Signed-off-by: " + committer.name() + " <" + committer.email() + ">");
        }
        List<String> missing = new ArrayList<>(lines);
        missing.removeAll(titled.lines().toList());
        if (missing.isEmpty()) {
            return titled + "\n";
        }
        return titled + (endsWithTrailers(titled) ? "\n" : "\n\n") + String.join("\n", missing) + "\n";
    }

    private static boolean isConventional(String message) {
        return CONVENTIONAL
                .matcher(message.strip().lines().findFirst().orElse(""))
                .matches();
    }

    /** Whether the last paragraph, which is not the title, is nothing but trailers already. */
    private static boolean endsWithTrailers(String message) {
        int last = message.lastIndexOf("\n\n");
        return last >= 0
                && message.substring(last + 2)
                        .lines()
                        .allMatch(line -> TRAILER.matcher(line).matches());
    }
}
