package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.authorship.CommitStyle;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.history.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The message of the commit that brings a session's work: the user's, or the checkpoints' titles, and who did it. */
final class ApplyMessage {
    private static final int LENGTH_MAX = 65_536;
    private static final int CHECKPOINTS_MAX = 100;

    private ApplyMessage() {}

    static String of(@Nullable String given, SessionWork work, CommitStyle style, Person author) {
        List<String> trailers = new ArrayList<>();
        if (style.sessionTrailer()) {
            trailers.add("Slipway-Session: " + work.checkout().sessionId());
        }
        if (style.coAuthors()) {
            History.coAuthors(work.cache(), work.newSince(), work.head(), CHECKPOINTS_MAX)
                    .forEach(name -> trailers.add("Co-authored-by: " + name));
        }
        return given == null || given.isBlank()
                ? style.made(fromCheckpoints(work), trailers, author)
                : style.given("commitMessage", checked(given), trailers, author);
    }

    private static String fromCheckpoints(SessionWork work) {
        List<String> titles = new java.util.ArrayList<>(
                History.between(work.cache(), work.newSince(), work.head(), 0, CHECKPOINTS_MAX).stream()
                        .map(ApplyMessage::title)
                        .distinct()
                        .toList());
        Collections.reverse(titles);
        if (titles.isEmpty()) {
            return "Apply session " + work.checkout().sessionId();
        }
        return titles.size() == 1 ? titles.getFirst() : titles.getFirst() + "\n\n- " + String.join("\n- ", titles);
    }

    private static String title(CommitView commit) {
        return commit.message().lines().findFirst().orElse("");
    }

    private static String checked(String given) {
        if (given.length() > LENGTH_MAX || given.indexOf('\0') >= 0) {
            throw ProblemException.invalid(
                    "commitMessage", "too long or not text (expected: at most " + LENGTH_MAX + " characters)");
        }
        return given.strip();
    }
}
