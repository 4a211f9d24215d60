package dev.slipway.workspace.checkout;

import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Person;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Puts commits on top of another one, in the cache, without touching anything: what comes of it is only an id. */
public final class Replay {
    /** How many commits are replayed at most. */
    public static final int COMMITS_MAX = 1_000;

    private Replay() {}

    /**
     * What came of it.
     *
     * @param head the last commit; the tip if there was nothing new
     * @param conflicts the files in which a commit does not fit; then the head means nothing
     */
    public record Outcome(String head, List<String> conflicts) {
        /** Whether all commits fit. */
        public boolean clean() {
            return conflicts.isEmpty();
        }
    }

    /** The commits from one to another, without the first; empty if they are more than {@link #COMMITS_MAX}. */
    public static Optional<List<String>> between(Cache cache, String from, String to) {
        List<String> commits = new ArrayList<>(cache.command()
                .run("rev-list", "--first-parent", "--max-count=" + (COMMITS_MAX + 1), to, "^" + from)
                .text()
                .lines()
                .toList());
        if (commits.size() > COMMITS_MAX) {
            return Optional.empty();
        }
        Collections.reverse(commits);
        return Optional.of(commits);
    }

    /** Each commit on the one before, the first on the tip. */
    public static Outcome onto(Cache cache, String tip, List<String> commits) {
        String head = tip;
        for (String commit : commits) {
            String before = cache.commit(commit + "^1").map(cache::treeOf).orElse(Cache.EMPTY_TREE);
            String ours = cache.treeOf(head);
            Cache.Merge merge = cache.merge(before, ours, cache.treeOf(commit));
            if (!merge.clean()) {
                return new Outcome(head, merge.conflicts());
            }
            // A commit that brings nothing new here is left out.
            if (!merge.tree().equals(ours)) {
                head = again(cache, commit, merge.tree(), head);
            }
        }
        return new Outcome(head, List.of());
    }

    private static String again(Cache cache, String commit, String tree, String parent) {
        List<String> said = cache.command()
                .run("log", "-1", "-z", "--no-mailmap", "--format=%an%x00%ae%x00%B", commit)
                .fields();
        return cache.makeCommit(tree, List.of(parent), said.get(2), new Person(said.get(0), said.get(1)));
    }
}
