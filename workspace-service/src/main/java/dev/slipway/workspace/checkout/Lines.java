package dev.slipway.workspace.checkout;

import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.registry.Repositories;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * The two lines of a session that was rebased. Its sandbox goes on with its own line, which is never moved under it, so that no push is
 * ever refused and no work lost. Beside it lies a copy on the newer base, which is what users see, apply and offer; whatever the
 * sandbox pushes is replayed there.
 *
 * <p>The copy is given up, and the sandbox's own line counts again, when a push does not fit on the newer base, or when the agent has
 * taken the newer base into its line by itself ({@code git fetch} shows it there).
 */
@Singleton
public class Lines {
    private final Checkouts checkouts;
    private final Repositories repositories;

    Lines(Checkouts checkouts, Repositories repositories) {
        this.checkouts = checkouts;
        this.repositories = repositories;
    }

    /** Where a session's result is. */
    public static String resultOf(Checkout checkout) {
        return checkout.lineHead() == null
                ? Cache.branchOf(checkout.sessionId())
                : Cache.rebasedOf(checkout.sessionId());
    }

    /** Whether the sandbox pushed something that the result has not yet. */
    public static boolean isBehind(Checkout checkout, Cache cache) {
        String known = checkout.lineHead();
        return known != null
                && cache.commit(Cache.branchOf(checkout.sessionId()))
                        .filter(line -> !line.equals(known))
                        .isPresent();
    }

    /** Lets the result follow the sandbox's line, and writes down where it is. */
    public void follow(Checkout checkout, Cache cache) {
        if (checkout.lineHead() == null) {
            cache.commit(Cache.branchOf(checkout.sessionId())).ifPresent(head -> checkouts.pushed(checkout, head));
            return;
        }
        repositories.aloneOnCache(String.valueOf(checkout.repositoryId()), () -> {
            // Read again under the lock: another replica may have followed.
            checkouts.find(checkout.sessionId()).filter(Checkout::isReady).ifPresent(now -> replay(now, cache));
            return cache;
        });
    }

    /** Begins a copy of the session's result on another base. */
    public void rebased(Checkout checkout, Cache cache, String onto, String head) {
        String line = cache.commit(Cache.branchOf(checkout.sessionId())).orElseThrow();
        cache.put(Cache.rebasedOf(checkout.sessionId()), head);
        // What the newer base is, the sandbox can fetch under the names of the workspace's branches.
        SessionBranch.make(cache, checkout.sessionId(), checkout.workspaceId(), line);
        checkouts.rebased(checkout, onto, head, line);
    }

    private void replay(Checkout checkout, Cache cache) {
        String copied = checkout.lineHead();
        String base = checkout.baseCommit();
        String lineBase = checkout.lineBase();
        Optional<String> line = cache.commit(Cache.branchOf(checkout.sessionId()));
        if (copied == null
                || base == null
                || lineBase == null
                || line.isEmpty()
                || line.get().equals(copied)) {
            return;
        }
        String head = line.get();
        if (cache.isAncestor(base, head) && !cache.isAncestor(base, lineBase)) {
            checkouts.backToItsLine(checkout, base, head);
            return;
        }
        boolean goesOn = cache.isAncestor(copied, head);
        String from = goesOn ? copied : lineBase;
        String tip =
                goesOn ? cache.commit(Cache.rebasedOf(checkout.sessionId())).orElse(base) : base;
        Optional<List<String>> commits = Replay.between(cache, from, head);
        Optional<Replay.Outcome> outcome =
                commits.map(list -> Replay.onto(cache, tip, list)).filter(Replay.Outcome::clean);
        if (outcome.isPresent()) {
            cache.put(Cache.rebasedOf(checkout.sessionId()), outcome.get().head());
            checkouts.followed(checkout, head, outcome.get().head());
        } else {
            checkouts.backToItsLine(checkout, lineBase, head);
        }
    }
}
