package dev.slipway.workspace.result;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.authorship.Authorship;
import dev.slipway.workspace.authorship.CommitStyle;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import jakarta.inject.Singleton;
import java.util.List;

/** Joins a branch of the workspace into the one that is checked out, with the same care as {@link ApplyService}. */
@Singleton
class MergeService {
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final Authorship authorship;

    MergeService(WorkspaceService workspaces, Repositories repositories, Authorship authorship) {
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.authorship = authorship;
    }

    /** How two lines of work become one. */
    enum Strategy {
        /** A commit with both as its parents. */
        MERGE,
        /** No commit: the branch only goes forward, or the merge is refused. */
        FF,
        /** A commit with the other's changes, without its history. */
        SQUASH
    }

    ApplyResult merge(String projectId, String workspaceId, BranchName branch, Strategy strategy, Caller caller) {
        Workspace workspace = workspaces.need(projectId, workspaceId);
        Person author = authorship.of(caller, workspaceId);
        CommitStyle style = authorship.styleOf(workspaceId);
        WorkTree tree = repositories.workTree(workspace);
        return repositories.aloneOn(
                tree,
                () -> repositories.aloneOnCache(workspace.repositoryId(), () -> {
                    Cache cache = repositories.cache(projectId, workspace.repositoryId());
                    cache.takeFrom(tree, workspaceId);
                    ApplyResult result = join(cache, tree, branch, strategy, author, style);
                    workspaces.noteHead(workspace);
                    return result;
                }));
    }

    private static ApplyResult join(
            Cache cache, WorkTree tree, BranchName branch, Strategy strategy, Person author, CommitStyle style) {
        Landing landing = Landing.of(tree, null);
        String theirs = tree.commit(branch.reference())
                .or(() -> tree.commit("refs/remotes/" + branch))
                .filter(commit -> cache.commit(commit).isPresent())
                .orElseThrow(() -> ProblemException.notFound("branch"));
        if (cache.isAncestor(theirs, landing.from())) {
            return new ApplyResult(true, landing.from(), landing.name(), false);
        }
        boolean isAhead = cache.isAncestor(landing.from(), theirs);
        if (strategy == Strategy.FF && !isAhead) {
            throw ProblemException.conflict(
                    "not-fast-forward", "The branches have grown apart. Merge or squash instead.");
        }
        Cache.Merge merge =
                isAhead ? new Cache.Merge(cache.treeOf(theirs), List.of()) : cache.mergeCommits(landing.from(), theirs);
        FilesConflictException.unlessClean(merge);
        String commit = switch (strategy) {
            case FF -> theirs;
            case MERGE ->
                cache.makeCommit(
                        merge.tree(),
                        List.of(landing.from(), theirs),
                        style.made("Merge branch '" + branch + "'", List.of(), author),
                        author);
            case SQUASH ->
                cache.makeCommit(
                        merge.tree(),
                        List.of(landing.from()),
                        style.made("Squash branch '" + branch + "'", List.of(), author),
                        author);
        };
        landing.mustBeFree(cache, cache.treeOf(landing.from()), merge.tree());
        landing.bring(cache, commit);
        return new ApplyResult(true, commit, landing.name(), true);
    }
}
