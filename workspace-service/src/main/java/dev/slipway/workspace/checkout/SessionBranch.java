package dev.slipway.workspace.checkout;

import dev.slipway.workspace.git.Cache;

/** What a sandbox sees of a cache: its own branch, and copies of the workspace's newest branches and tags. */
final class SessionBranch {
    /** So that a repository with thousands of branches does not get as many references for each session. */
    private static final int SHOWN_MAX = 100;

    private SessionBranch() {}

    /** Makes a session's references in one step; a branch that is there already stays where it is. */
    static void make(Cache cache, String sessionId, String workspaceId, String base) {
        String namespace = "refs/namespaces/" + sessionId + "/";
        String branch = Cache.branchOf(sessionId);
        StringBuilder updates = new StringBuilder();
        if (cache.commit(branch).isEmpty()) {
            updates.append("create ").append(branch).append(' ').append(base).append('\n');
        }
        copies(cache, "refs/slipway/workspaces/" + workspaceId + "/heads/", namespace + "refs/heads/", updates);
        copies(cache, "refs/slipway/workspaces/" + workspaceId + "/tags/", namespace + "refs/tags/", updates);
        cache.command().input(updates.toString()).run("update-ref", "-m", "slipway", "--stdin");
        cache.command().run("symbolic-ref", namespace + "HEAD", branch);
    }

    /** Removes them all. */
    static void remove(Cache cache, String sessionId) {
        String namespace = "refs/namespaces/" + sessionId + "/";
        cache.command().attempt("symbolic-ref", "--delete", namespace + "HEAD");
        cache.removeAll(namespace);
        cache.removeAll("refs/slipway/applied/" + sessionId + "/");
        cache.command().attempt("update-ref", "-d", Cache.rebasedOf(sessionId));
    }

    private static void copies(Cache cache, String from, String to, StringBuilder updates) {
        String list = cache.command()
                .run(
                        "for-each-ref",
                        "--sort=-creatordate",
                        "--count=" + SHOWN_MAX,
                        "--format=%(objectname) %(refname)",
                        from)
                .text();
        list.lines().forEach(line -> {
            String object = line.substring(0, line.indexOf(' '));
            String name = line.substring(line.indexOf(' ') + 1 + from.length());
            // A branch named slipway, or a session's branch in a user's own repository, would stand in the way of ours.
            boolean inTheWay = name.equals("slipway") || name.startsWith("slipway/");
            if (!inTheWay && isOrdinary(name)) {
                updates.append("update ")
                        .append(to)
                        .append(name)
                        .append(' ')
                        .append(object)
                        .append('\n');
            }
        });
    }

    /** What can stand in a line of {@code update-ref --stdin} as it is. */
    private static boolean isOrdinary(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> c == '"' || c <= ' ');
    }
}
