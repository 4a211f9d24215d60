package dev.slipway.workspace.result;

import dev.slipway.kit.identity.Caller;
import dev.slipway.workspace.authorship.Authorship;
import dev.slipway.workspace.authorship.CommitStyle;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Checkouts;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Brings a session's work into its workspace. Work trees are locked while this happens, and nothing of one is touched before the
 * join went through and its files are free of uncommitted changes.
 *
 * <p>What the workspace has of the work is remembered as a tree. It is the base of the next join, so a repetition brings only what
 * is new; and should we end after moving the workspace and before remembering it, the repetition finds nothing left to do.
 */
@Singleton
class ApplyService {
    private final SessionResults results;
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final Checkouts checkouts;
    private final Authorship authorship;

    ApplyService(
            SessionResults results,
            WorkspaceService workspaces,
            Repositories repositories,
            Checkouts checkouts,
            Authorship authorship) {
        this.results = results;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.checkouts = checkouts;
        this.authorship = authorship;
    }

    ApplyResult apply(String projectId, String sessionId, Caller caller, ApplyRequest request) {
        Checkout known = results.need(projectId, sessionId);
        Workspace workspace = workspaces.need(projectId, known.workspaceId());
        Person author = authorship.of(caller, workspace.id());
        CommitStyle style = authorship.styleOf(workspace.id());
        WorkTree tree = repositories.workTree(workspace);
        return repositories.aloneOn(
                tree,
                () -> repositories.aloneOnCache(workspace.repositoryId(), () -> {
                    Cache cache = repositories.cache(projectId, workspace.repositoryId());
                    cache.takeFrom(tree, workspace.id());
                    // Read again under the lock: another apply may have been first.
                    SessionWork work = results.current(projectId, sessionId, cache);
                    ApplyResult result = bring(work, tree, author, style, request);
                    workspaces.noteHead(workspace);
                    return result;
                }));
    }

    private ApplyResult bring(SessionWork work, WorkTree tree, Person author, CommitStyle style, ApplyRequest request) {
        Landing landing = Landing.of(tree, request.target());
        String wanted = wanted(work, request);
        Checkout.Applied before = work.checkout().applied();
        if (wanted.equals(work.appliedTree())) {
            return before == null
                    ? new ApplyResult(true, landing.from(), landing.name(), false)
                    : new ApplyResult(true, before.commit(), before.branch(), false);
        }
        Cache cache = work.cache();
        String ours = cache.treeOf(landing.from());
        Cache.Merge merge = cache.merge(work.appliedTree(), ours, wanted);
        FilesConflictException.unlessClean(merge);
        boolean changed = !merge.tree().equals(ours);
        String commit = landing.from();
        if (changed) {
            landing.mustBeFree(cache, ours, merge.tree());
            String message = ApplyMessage.of(request.commitMessage(), work, style, author);
            commit = cache.makeCommit(merge.tree(), List.of(landing.from()), message, author);
            landing.bring(cache, commit);
        }
        // A reference keeps the remembered tree from being collected as garbage.
        String memory = cache.makeCommit(wanted, List.of(), "applied", Person.SLIPWAY);
        cache.put("refs/slipway/applied/" + work.checkout().sessionId() + "/tree", memory);
        checkouts.applied(work.checkout(), new Checkout.Applied(wanted, commit, landing.name(), work.head()));
        return new ApplyResult(true, commit, landing.name(), changed);
    }

    private static String wanted(SessionWork work, ApplyRequest request) {
        List<ApplyRequest.Part> select = request.select();
        return select == null || select.isEmpty() ? work.headTree() : Selection.tree(work, select);
    }
}
