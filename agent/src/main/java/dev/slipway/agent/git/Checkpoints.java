package dev.slipway.agent.git;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Keeps the work at the end of a turn: a commit on the session's branch, pushed. */
public final class Checkpoints {
    private static final Duration LOCAL = Duration.ofMinutes(2);
    private static final Duration PUSH = Duration.ofMinutes(5);
    private static final int PUSH_TRIES = 4;
    /** The object that stands for an empty tree in every repository: what a commit without a parent is compared with. */
    private static final String EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private final Git git;
    private final Path workspace;
    private final String branch;
    private final Author author;

    /** @param branch what is pushed to; whatever the agent has checked out, its HEAD goes there */
    public Checkpoints(Git git, Path workspace, String branch, Author author) {
        this.git = git.in(workspace);
        this.workspace = workspace;
        this.branch = branch;
        this.author = author;
    }

    /** @param pushed false if the commit is here and could not be brought out; the next checkpoint tries again */
    public record Checkpoint(String commit, int filesChanged, boolean pushed) {}

    /** Who asked for the turn's work and who did it. */
    public record Work(String prompt, String turnId, String sessionId, String agentName, String agentType) {}

    /** @return empty if there is nothing that has not been pushed yet */
    public Optional<Checkpoint> make(Work work) throws IOException, InterruptedException {
        removeStaleLock();
        git.run(LOCAL, "add", "--all");
        if (!git.succeeds(LOCAL, "diff", "--cached", "--quiet")) {
            git.with("GIT_AUTHOR_NAME", author.name())
                    .with("GIT_AUTHOR_EMAIL", author.email())
                    .with("GIT_COMMITTER_NAME", author.name())
                    .with("GIT_COMMITTER_EMAIL", author.email())
                    .run(
                            LOCAL,
                            "commit",
                            "--quiet",
                            "--no-verify",
                            "--message",
                            CommitMessage.of(work.prompt, work.turnId, work.sessionId, work.agentName, work.agentType));
        }
        String head = git.run(LOCAL, "rev-parse", "HEAD").strip();
        String remote = pushedCommit();
        if (head.equals(remote)) {
            return Optional.empty();
        }
        String changed = git.run(LOCAL, "diff", "--name-only", "-z", remote.isEmpty() ? EMPTY_TREE : remote, head);
        int files = (int) changed.chars().filter(c -> c == 0).count();
        return Optional.of(new Checkpoint(head, files, push(head, remote)));
    }

    /** The commit that is checked out. */
    public String head() throws IOException, InterruptedException {
        return git.run(LOCAL, "rev-parse", "HEAD").strip();
    }

    /** What the branch was when it was last fetched or pushed, or empty text. */
    private String pushedCommit() throws IOException, InterruptedException {
        try {
            return git.run(LOCAL, "rev-parse", "--verify", "--quiet", "refs/remotes/origin/" + branch)
                    .strip();
        } catch (GitException _) {
            return "";
        }
    }

    /** The agent may have rewritten its commits, so this may replace the branch; but never what somebody else has put there. */
    private boolean push(String commit, String expected) throws IOException, InterruptedException {
        String target = "refs/heads/" + branch;
        for (int attempt = 1; attempt <= PUSH_TRIES; attempt++) {
            try {
                git.run(
                        PUSH,
                        "push",
                        "--quiet",
                        "--no-verify",
                        "--force-with-lease=" + target + ":" + expected,
                        "origin",
                        commit + ":" + target);
                git.run(LOCAL, "update-ref", "refs/remotes/origin/" + branch, commit);
                return true;
            } catch (GitException e) {
                Log.warn("push failed", "attempt", attempt, "error", e.getMessage());
                if (attempt < PUSH_TRIES) {
                    Thread.sleep(Duration.ofMillis(250L << attempt));
                }
            }
        }
        return false;
    }

    /** A git of the agent's that was killed leaves its lock behind; the turn is over, so nobody works under it. */
    private void removeStaleLock() throws IOException {
        if (Files.deleteIfExists(workspace.resolve(".git/index.lock"))) {
            Log.warn("stale git lock removed");
        }
    }
}
