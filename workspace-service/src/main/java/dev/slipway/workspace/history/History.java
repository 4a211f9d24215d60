package dev.slipway.workspace.history;

import dev.slipway.workspace.git.Cache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the history of a bare cache, or of a repository that is as plain as one. */
public final class History {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final int SHORT = 7;

    static {
        NoUserConfiguration.install();
    }

    private History() {}

    /** The commits that lead to {@code head} and not to {@code base}, newest first; after {@code skip} of them, at most {@code limit}. */
    public static List<CommitView> between(Cache cache, String base, String head, int skip, int limit) {
        List<CommitView> commits = new ArrayList<>();
        walk(cache, base, head, walk -> {
            int index = 0;
            for (RevCommit commit : walk) {
                if (index++ >= skip) {
                    commits.add(view(commit));
                }
                if (commits.size() >= limit) {
                    return;
                }
            }
        });
        return commits;
    }

    /** Who had a hand in the commits between, besides their authors: the values of their co-author trailers. */
    public static Set<String> coAuthors(Cache cache, String base, String head, int limit) {
        Set<String> names = new LinkedHashSet<>();
        walk(cache, base, head, walk -> {
            int seen = 0;
            for (RevCommit commit : walk) {
                names.addAll(commit.getFooterLines("Co-authored-by"));
                if (++seen >= limit) {
                    return;
                }
            }
        });
        return names;
    }

    /**
     * The log of somebody's repository, as {@code git log} has it; empty if that is better asked of git itself: for a repository that is
     * large, or made in a way that JGit does not know, or without such a commit.
     */
    public static Optional<List<CommitView>> log(Path gitDir, String revision, int skip, int limit) {
        if (!Plain.isPlain(gitDir)) {
            return Optional.empty();
        }
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(gitDir.toFile())
                        .setBare()
                        .build();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId start = repository.resolve(revision + "^{commit}");
            if (start == null) {
                return Optional.empty();
            }
            walk.markStart(walk.parseCommit(start));
            List<CommitView> commits = new ArrayList<>();
            int index = 0;
            for (RevCommit commit = walk.next(); commit != null && commits.size() < limit; commit = walk.next()) {
                if (index++ >= skip) {
                    commits.add(view(commit));
                }
            }
            return Optional.of(commits);
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("left to git");
            return Optional.empty();
        }
    }

    private interface Visit {
        void over(RevWalk walk) throws IOException;
    }

    private static void walk(Cache cache, String base, String head, Visit visit) {
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(cache.folder().toFile())
                        .setBare()
                        .build();
                RevWalk walk = new RevWalk(repository)) {
            walk.sort(RevSort.TOPO);
            walk.markStart(walk.parseCommit(ObjectId.fromString(head)));
            walk.markUninteresting(walk.parseCommit(ObjectId.fromString(base)));
            visit.over(walk);
        } catch (IOException e) {
            throw new UncheckedIOException("history of " + head, e);
        }
    }

    private static CommitView view(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        PersonIdent committer = commit.getCommitterIdent();
        List<String> parents = new ArrayList<>();
        for (RevCommit parent : commit.getParents()) {
            parents.add(parent.name());
        }
        return new CommitView(
                commit.name(),
                commit.name().substring(0, SHORT),
                commit.getFullMessage().strip(),
                author.getName(),
                author.getEmailAddress(),
                author.getWhenAsInstant(),
                committer.getName(),
                committer.getWhenAsInstant(),
                parents);
    }
}
