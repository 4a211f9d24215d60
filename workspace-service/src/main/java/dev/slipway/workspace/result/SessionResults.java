package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Checkouts;
import dev.slipway.workspace.diff.DiffView;
import dev.slipway.workspace.diff.Diffs;
import dev.slipway.workspace.diff.FileDiff;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.history.History;
import dev.slipway.workspace.registry.Repositories;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** What can be seen of a session's work; works with the sandbox stopped or gone. */
@Singleton
class SessionResults {
    private static final int ONE_PATCH_MAX = 32 << 20;

    private final Checkouts checkouts;
    private final Repositories repositories;

    SessionResults(Checkouts checkouts, Repositories repositories) {
        this.checkouts = checkouts;
        this.repositories = repositories;
    }

    /** A session's branch in this project: 404 if there is none, 503 while it is made. */
    Checkout need(String projectId, String sessionId) {
        Checkout checkout = checkouts
                .find(sessionId)
                .filter(found -> found.projectId().equals(projectId))
                .orElseThrow(() -> ProblemException.notFound("session"));
        return switch (checkout.state()) {
            case "ready" -> checkout;
            case "preparing" ->
                throw ProblemException.starting("The session's branch is still being made.", Duration.ofSeconds(1));
            case "failed" ->
                throw ProblemException.conflict("branch-failed", "The session has no branch: " + checkout.reason());
            default -> throw ProblemException.notFound("session");
        };
    }

    SessionWork work(String projectId, String sessionId) {
        Checkout checkout = need(projectId, sessionId);
        String repositoryId = checkout.repositoryId();
        if (repositoryId == null) {
            throw ProblemException.notFound("session");
        }
        return SessionWork.of(checkout, repositories.cache(projectId, repositoryId));
    }

    DiffView files(String projectId, String sessionId) {
        return Diffs.listing(diffs(work(projectId, sessionId)).files(List.of()));
    }

    DiffView full(String projectId, String sessionId) {
        return Diffs.view(
                diffs(work(projectId, sessionId)).filesWithPatches(List.of(), Diffs.PATCH_MAX, Diffs.PATCHES_MAX));
    }

    /** One file's difference. A renamed file is found by its new name, with the old one asked for too. */
    FileDiff file(String projectId, String sessionId, TreePath path) {
        Diffs diffs = diffs(work(projectId, sessionId));
        List<TreePath> paths = diffs.files(List.of()).stream()
                .filter(file -> file.path().equals(path.text()))
                .findFirst()
                .map(file -> file.oldPath() == null ? List.of(path) : List.of(path, new TreePath(file.oldPath())))
                .orElse(List.of(path));
        return diffs.filesWithPatches(paths, ONE_PATCH_MAX, ONE_PATCH_MAX).stream()
                .filter(file -> file.path().equals(path.text()))
                .findFirst()
                .orElseGet(() -> new FileDiff(path.text(), "unchanged", null, 0, 0, false, "", null));
    }

    List<CommitView> checkpoints(String projectId, String sessionId, int skip, int limit) {
        SessionWork work = work(projectId, sessionId);
        return History.between(work.cache(), work.base(), work.head(), skip, limit);
    }

    private static Diffs diffs(SessionWork work) {
        return Diffs.between(work.cache().command(), work.base(), work.head());
    }
}
