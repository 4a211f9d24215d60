package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Checkouts;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts a session's commits on top of what the workspace has now. Each commit is joined in the cache, and the branch moves only if
 * all went through. The sandbox has the old branch still: it has to fetch and reset before it pushes again.
 */
@Singleton
class RebaseService {
    private static final int COMMITS_MAX = 1_000;

    private final SessionResults results;
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final Checkouts checkouts;

    RebaseService(SessionResults results, WorkspaceService workspaces, Repositories repositories, Checkouts checkouts) {
        this.results = results;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.checkouts = checkouts;
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
            SessionWork work = SessionWork.of(results.need(projectId, sessionId), cache);
            String onto = tree.head()
                    .orElseThrow(() -> ProblemException.conflict("no-commit", "The workspace has no commit yet."));
            String head = replay(work, onto);
            if (!cache.move(Cache.branchOf(sessionId), head, work.head())) {
                throw ProblemException.conflict("changed-meanwhile", "The session pushed meanwhile. Try again.");
            }
            checkouts.rebased(work.checkout(), onto, head);
            return new Rebased(true, onto, head);
        });
    }

    private static String replay(SessionWork work, String onto) {
        Cache cache = work.cache();
        List<String> commits = new ArrayList<>(cache.command()
                .run("rev-list", "--first-parent", "--max-count=" + (COMMITS_MAX + 1), work.head(), "^" + work.base())
                .text()
                .lines()
                .toList());
        if (commits.size() > COMMITS_MAX) {
            throw ProblemException.conflict(
                    "too-many-commits", "The session has more than " + COMMITS_MAX + " commits. Apply it instead.");
        }
        Collections.reverse(commits);
        String tip = onto;
        for (String commit : commits) {
            tip = replay(cache, commit, tip);
        }
        return tip;
    }

    /** One commit on another; a commit that brings nothing new there is left out. */
    private static String replay(Cache cache, String commit, String tip) {
        String before = cache.commit(commit + "^1").map(cache::treeOf).orElse(Cache.EMPTY_TREE);
        String ours = cache.treeOf(tip);
        Cache.Merge merge = cache.merge(before, ours, cache.treeOf(commit));
        FilesConflictException.unlessClean(merge);
        if (merge.tree().equals(ours)) {
            return tip;
        }
        List<String> said = cache.command()
                .run("log", "-1", "-z", "--no-mailmap", "--format=%an%x00%ae%x00%B", commit)
                .fields();
        return cache.makeCommit(merge.tree(), List.of(tip), said.get(2), new Person(said.get(0), said.get(1)));
    }
}
