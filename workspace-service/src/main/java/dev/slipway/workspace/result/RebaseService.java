package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Lines;
import dev.slipway.workspace.checkout.Replay;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Puts a session's commits on top of what the workspace has now. Each commit is joined in the cache, and the result moves only if all
 * went through. A running sandbox notices nothing and loses nothing: {@link Lines} tells how its next pushes come along.
 */
@Singleton
class RebaseService {
    private final SessionResults results;
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final Lines lines;

    RebaseService(SessionResults results, WorkspaceService workspaces, Repositories repositories, Lines lines) {
        this.results = results;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.lines = lines;
    }

    /** Where the session is now. */
    @Serdeable
    record Rebased(boolean success, String baseCommit, String headCommit) {}

    Rebased rebase(String projectId, String sessionId) {
        Checkout known = results.need(projectId, sessionId);
        Workspace workspace = workspaces.need(projectId, known.workspaceId());
        WorkTree tree = repositories.workTree(workspace);
        return repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Cache cache = repositories.cache(projectId, workspace.repositoryId());
            cache.takeFrom(tree, workspace.id());
            SessionWork work = results.current(projectId, sessionId, cache);
            String onto = tree.head()
                    .orElseThrow(() -> ProblemException.conflict("no-commit", "The workspace has no commit yet."));
            Replay.Outcome outcome = replay(work, onto);
            lines.rebased(work.checkout(), cache, onto, outcome.head());
            return new Rebased(true, onto, outcome.head());
        });
    }

    private static Replay.Outcome replay(SessionWork work, String onto) {
        List<String> commits = Replay.between(work.cache(), work.base(), work.head())
                .orElseThrow(() -> ProblemException.conflict(
                        "too-many-commits",
                        "The session has more than " + Replay.COMMITS_MAX + " commits. Apply it instead."));
        Replay.Outcome outcome = Replay.onto(work.cache(), onto, commits);
        FilesConflictException.unlessClean(new Cache.Merge(outcome.head(), outcome.conflicts()));
        return outcome;
    }
}
