package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.access.Passage;
import dev.slipway.workspace.access.RemoteAccess;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Ceiling;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.source.RemoteUrl;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Repositories elsewhere, reached by one transport each and only at addresses that {@link RemoteAccess} admits. */
@Singleton
public class RemoteRepository {
    /** Where a cache keeps a remote's branches. */
    public static final String BRANCHES = "refs/slipway/remote/heads/";

    private static final Duration LOOK = Duration.ofSeconds(30);
    private static final Pattern PERCENT = Pattern.compile("^(?:remote: )?([A-Z][a-z]+ [a-z]+): +(\\d{1,3})%");

    private final WorkspaceSettings settings;
    private final RemoteAccess access;
    private final WorkspaceStore store;
    private final Git git;
    private final Repositories repositories;

    RemoteRepository(
            WorkspaceSettings settings, RemoteAccess access, WorkspaceStore store, Git git, Repositories repositories) {
        this.repositories = repositories;
        this.settings = settings;
        this.access = access;
        this.store = store;
        this.git = git;
    }

    /** Ends with a problem if there is no repository that we may read. */
    void mustAnswer(Errand errand, RemoteUrl url) {
        try (Passage passage = access.open(errand, url)) {
            defaultBranch(passage, git.in(Path.of(settings.cacheFolder())), url);
        }
    }

    /** Brings all branches and tags into a cache; {@code percent} is told how far it is. */
    public void fetchInto(Errand errand, Cache cache, RemoteUrl url, IntConsumer percent) {
        fetch(errand, cache, url, List.of(), percent);
    }

    /** As {@link #fetchInto}, into an empty cache, which has only the newest {@code depth} commits of each branch then. */
    void cloneInto(Errand errand, Cache cache, RemoteUrl url, @Nullable Integer depth, IntConsumer percent) {
        fetch(errand, cache, url, depth == null ? List.of() : List.of("--depth=" + depth), percent);
    }

    private void fetch(Errand errand, Cache cache, RemoteUrl url, List<String> options, IntConsumer percent) {
        try (Passage passage = access.open(errand, url)) {
            Optional<BranchName> head = defaultBranch(passage, cache.command(), url);
            GitCommand command = passage.through(cache.command())
                    .deadline(settings.cloneDeadline())
                    // What is larger is read in pieces; and all comes as one pack, whose size has a ceiling.
                    .config("core.bigFileThreshold", "32m")
                    .config("fetch.unpackLimit", "1")
                    .ceiling(new Ceiling(settings.gitMemoryMax(), settings.remoteBytesMax()));
            repositories.removeHalfPacks(cache);
            try {
                new Cache.Fetch(command, options)
                        .from(
                                url.text(),
                                List.of("+refs/heads/*:" + BRANCHES + "*", "+refs/tags/*:refs/slipway/remote/tags/*"),
                                url.scheme(),
                                line -> report(line, percent));
            } catch (GitException e) {
                repositories.removeHalfPacks(cache);
                throw explained(String.valueOf(e.getMessage()), e);
            }
            // Held to from now on: who shows another key is somebody else.
            passage.learnedHostKey().ifPresent(key -> store.pinHostKey(errand.workspaceId(), key));
            head.ifPresent(branch ->
                    cache.command().run("symbolic-ref", "refs/slipway/remote/HEAD", BRANCHES + branch.text()));
        }
    }

    /** The branch that a cache's remote starts with; empty if it has no commits. */
    public Optional<BranchName> defaultBranch(Cache cache) {
        GitOutput head = cache.command().attempt("symbolic-ref", "--quiet", "refs/slipway/remote/HEAD");
        if (head.ok() && cache.commit(head.line()).isPresent()) {
            return Optional.of(new BranchName(head.line().substring(BRANCHES.length())));
        }
        return cache.command()
                .run("for-each-ref", "--count=1", "--format=%(refname)", BRANCHES)
                .text()
                .lines()
                .findFirst()
                .map(name -> new BranchName(name.substring(BRANCHES.length())));
    }

    /** Sends a branch of a cache to the remote; it only goes forward there. */
    public void push(Errand errand, Cache cache, RemoteUrl url, String commit, BranchName to) {
        push(errand, cache, url, List.of(), commit + ":" + to.reference());
    }

    /** Sends a commit to a branch that is ours alone at the remote; replaces there what we put there before, and nothing else. */
    public void pushOwn(Errand errand, Cache cache, RemoteUrl url, String commit, BranchName to) {
        String memory = "refs/slipway/pushed/" + to.text();
        String before = cache.commit(memory).orElse("");
        if (!isThere(errand, cache, url, commit, to)) {
            push(
                    errand,
                    cache,
                    url,
                    List.of("--force-with-lease=" + to.reference() + ":" + before),
                    commit + ":" + to.reference());
        }
        cache.put(memory, commit);
    }

    /** Whether the remote's branch is at the commit already: a push that was not written down before we ended. */
    private boolean isThere(Errand errand, Cache cache, RemoteUrl url, String commit, BranchName to) {
        try (Passage passage = access.open(errand, url)) {
            return passage.through(cache.command())
                    .deadline(LOOK)
                    .attempt("ls-remote", "--upload-pack=git-upload-pack", "--", url.text(), to.reference())
                    .text()
                    .startsWith(commit + "\t");
        }
    }

    private void push(Errand errand, Cache cache, RemoteUrl url, List<String> options, String refspec) {
        List<String> arguments =
                new ArrayList<>(List.of("push", "--porcelain", "--no-verify", "--receive-pack=git-receive-pack"));
        arguments.addAll(options);
        arguments.addAll(List.of("--", url.text(), refspec));
        try (Passage passage = access.open(errand, url)) {
            GitOutput output = passage.through(cache.command())
                    .deadline(settings.cloneDeadline())
                    .attempt(arguments);
            if (!output.ok()) {
                String said = output.text() + output.error();
                if (said.contains("[rejected]") || said.contains("non-fast-forward")) {
                    throw ProblemException.conflict(
                            "push-rejected",
                            "The remote has commits that the workspace has not. Fetch and merge, then push again.");
                }
                if (said.contains("[remote rejected]")) {
                    throw ProblemException.conflict("push-rejected", "The remote refuses the push: " + output.error());
                }
                throw explained(said, new GitException("git push failed: " + said, output.exit()));
            }
            passage.learnedHostKey().ifPresent(key -> store.pinHostKey(errand.workspaceId(), key));
        }
    }

    private Optional<BranchName> defaultBranch(Passage passage, GitCommand command, RemoteUrl url) {
        GitOutput output = passage.through(command)
                .deadline(LOOK)
                .attempt("ls-remote", "--symref", "--upload-pack=git-upload-pack", "--", url.text(), "HEAD");
        if (!output.ok()) {
            throw explained(output.error(), new GitException("git ls-remote failed: " + output.error(), output.exit()));
        }
        return output.text()
                .lines()
                .filter(line -> line.startsWith("ref: refs/heads/"))
                .findFirst()
                .map(line -> new BranchName(line.substring("ref: refs/heads/".length(), line.indexOf('\t'))));
    }

    /** What the user can do something about becomes a problem; the rest is tried again. */
    private RuntimeException explained(String said, GitException otherwise) {
        if (Ceiling.wasMetBy(said)) {
            return ProblemException.unprocessable(
                    "path",
                    "the repository is larger than may be fetched (expected: at most " + settings.remoteBytesMax()
                            + " bytes at once; a depth makes it smaller, slipway.workspaces.remote-bytes-max the limit larger)");
        }
        if (Ceiling.memoryWasMetBy(said)) {
            return ProblemException.unprocessable(
                    "path",
                    "the repository takes more memory than git may have (expected: at most " + settings.gitMemoryMax()
                            + " bytes; slipway.workspaces.git-memory-max makes the limit larger)");
        }
        if (said.contains("Host key verification failed") || said.contains("host key")) {
            return ProblemException.unprocessable(
                    "hostKey",
                    "the host shows another key than the one that is known (expected: that one; if the host has a new"
                            + " key, change hostKey of the workspace)");
        }
        if (said.contains("Permission denied (") || said.contains("Too many authentication failures")) {
            return ProblemException.unprocessable(
                    "credentialId", "the host does not accept the deploy key (expected: one that it lets read)");
        }
        if (said.contains("after CONNECT") || said.contains("CONNECT tunnel failed")) {
            return ProblemException.unprocessable(
                    "path", "the egress proxy refuses the host (expected: one that it may reach)");
        }
        if (said.contains("could not read Username")
                || said.contains("Authentication failed")
                || said.contains(" 403")) {
            return ProblemException.unprocessable(
                    "path",
                    "the repository is private or does not exist (expected: one that can be read; check the credential)");
        }
        if (said.contains("not found")
                || said.contains("does not appear to be a git repository")
                || said.contains("not a git repository")) {
            return ProblemException.unprocessable(
                    "path", "there is no git repository at this address (expected: one that can be cloned)");
        }
        if (said.contains("redirect") || said.contains("error: 301") || said.contains("error: 302")) {
            return ProblemException.unprocessable(
                    "path", "the address redirects (expected: the address that it leads to)");
        }
        if (said.contains("transport '") || said.contains("not allowed")) {
            return ProblemException.unprocessable(
                    "path", "this kind of address cannot be used (expected: https or ssh)");
        }
        return otherwise;
    }

    /** Git counts each step from 0 to 100; the receiving takes most of the time. */
    static void report(String line, IntConsumer percent) {
        Matcher match = PERCENT.matcher(line);
        if (!match.find()) {
            return;
        }
        int step = Integer.parseInt(match.group(2));
        switch (match.group(1)) {
            case "Receiving objects" -> percent.accept(5 + step * 75 / 100);
            case "Resolving deltas" -> percent.accept(80 + step * 15 / 100);
            default -> percent.accept(0);
        }
    }
}
