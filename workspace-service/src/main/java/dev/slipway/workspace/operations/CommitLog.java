package dev.slipway.workspace.operations;

import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.Revision;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.history.CommitView;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code git log} with fields that end with NUL, which is the one thing that a message cannot hold. */
final class CommitLog {
    private static final String FORMAT = "--format=%H%x00%h%x00%an%x00%ae%x00%aI%x00%cn%x00%cI%x00%P%x00%B";
    private static final int FIELDS = 9;

    private CommitLog() {}

    /**
     * Reads a part of the log.
     *
     * @param from what names the commit to begin with
     * @throws dev.slipway.workspace.git.GitException also if there is no such commit
     */
    static List<CommitView> read(GitCommand command, Revision from, int skip, int limit, @Nullable TreePath path) {
        List<String> arguments = new ArrayList<>(List.of(
                "log",
                "-z",
                FORMAT,
                "--no-show-signature",
                "--no-mailmap",
                "--skip=" + skip,
                "--max-count=" + limit,
                "--end-of-options",
                from.text() + "^{commit}",
                "--"));
        if (path != null) {
            arguments.add(path.argument());
        }
        List<String> fields = command.run(arguments).fields();
        List<CommitView> commits = new ArrayList<>();
        for (int at = 0; at + FIELDS <= fields.size(); at += FIELDS) {
            commits.add(view(fields.subList(at, at + FIELDS)));
        }
        return commits;
    }

    private static CommitView view(List<String> fields) {
        String parents = fields.get(7);
        return new CommitView(
                fields.get(0),
                fields.get(1),
                fields.get(8).strip(),
                fields.get(2),
                fields.get(3),
                OffsetDateTime.parse(fields.get(4)).toInstant(),
                fields.get(5),
                OffsetDateTime.parse(fields.get(6)).toInstant(),
                parents.isEmpty() ? List.of() : Arrays.asList(parents.split(" ")));
    }
}
