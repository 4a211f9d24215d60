package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Lines;
import dev.slipway.workspace.git.Cache;

/**
 * A session's work as it is in the cache right now.
 *
 * @param base the commit that it started from
 * @param head its newest commit
 */
record SessionWork(Checkout checkout, Cache cache, String base, String head) {
    static SessionWork of(Checkout checkout, Cache cache) {
        String base = checkout.baseCommit();
        if (base == null) {
            throw ProblemException.notFound("session");
        }
        String head = cache.commit(Lines.resultOf(checkout))
                .orElseThrow(() -> ProblemException.conflict(
                        "branch-missing", "The session's branch is not there any more. Make a new session."));
        return new SessionWork(checkout, cache, base, head);
    }

    /** What of it the workspace has; the base's tree if nothing. */
    String appliedTree() {
        Checkout.Applied applied = checkout.applied();
        return applied == null ? baseTree() : applied.tree();
    }

    String baseTree() {
        return cache.treeOf(base);
    }

    String headTree() {
        return cache.treeOf(head);
    }

    /** The commit after which the work is new to the workspace. */
    String newSince() {
        Checkout.Applied applied = checkout.applied();
        boolean follows = applied != null
                && cache.command()
                        .attempt("merge-base", "--is-ancestor", applied.head(), head)
                        .ok();
        return follows && applied != null ? applied.head() : base;
    }
}
