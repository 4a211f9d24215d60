package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Checkouts;
import dev.slipway.workspace.checkout.Lines;
import dev.slipway.workspace.diff.DiffView;
import dev.slipway.workspace.diff.Diffs;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.history.History;
import dev.slipway.workspace.registry.Repositories;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** What can be seen of a session's work; works with the sandbox stopped or gone. */
@Singleton
class SessionResults {
    private final Checkouts checkouts;
    private final Lines lines;
    private final Repositories repositories;

    SessionResults(Checkouts checkouts, Lines lines, Repositories repositories) {
        this.checkouts = checkouts;
        this.lines = lines;
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
        return current(projectId, sessionId, repositories.cache(projectId, repositoryId));
    }

    /** The work with all that was pushed until now, read anew: for whoever holds the cache. */
    SessionWork current(String projectId, String sessionId, Cache cache) {
        Checkout checkout = need(projectId, sessionId);
        if (Lines.isBehind(checkout, cache)) {
            lines.follow(checkout, cache);
            checkout = need(projectId, sessionId);
        }
        return SessionWork.of(checkout, cache);
    }

    DiffView files(String projectId, String sessionId) {
        return Diffs.listing(diffs(work(projectId, sessionId)).files(List.of()));
    }

    /** All that a session changed, ready to be read. */
    Diffs.Reader reader(String projectId, String sessionId) {
        Diffs diffs = diffs(work(projectId, sessionId));
        return reading -> reading.from(diffs);
    }

    List<CommitView> checkpoints(String projectId, String sessionId, int skip, int limit) {
        SessionWork work = work(projectId, sessionId);
        return History.between(work.cache(), work.base(), work.head(), skip, limit);
    }

    private static Diffs diffs(SessionWork work) {
        return Diffs.between(work.cache().command(), work.base(), work.head());
    }
}
