package dev.slipway.workspace.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.authorship.Authorship;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.hosting.GitProvider.NewPullRequest;
import dev.slipway.workspace.hosting.Hosting;
import dev.slipway.workspace.registry.RemoteRepository;
import dev.slipway.workspace.registry.Remotes;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import dev.slipway.workspace.source.RemoteUrl;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Offers a session's work to others: its branch goes to the remote, then a pull request is opened there, or the open one is found. Both
 * may be repeated; after more work a repetition brings the branch up to date.
 */
@Singleton
class PullRequestService {
    private static final int TITLE_MAX = 250;
    private static final int BODY_MAX = 60_000;

    private final SessionResults results;
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final RemoteRepository remote;
    private final Remotes remotes;
    private final Hosting hosting;
    private final Authorship authorship;

    PullRequestService(
            SessionResults results,
            WorkspaceService workspaces,
            Repositories repositories,
            RemoteRepository remote,
            Remotes remotes,
            Hosting hosting,
            Authorship authorship) {
        this.results = results;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.remote = remote;
        this.remotes = remotes;
        this.hosting = hosting;
        this.authorship = authorship;
    }

    /**
     * What a client wishes; all of it may be missing.
     *
     * @param title the first line of the work's message if missing
     * @param target the branch that is to get the work; the workspace's own, or the remote's first, if missing
     * @param branch the branch's name at the remote; {@code slipway/<session>} if missing
     * @param credentialId for the site's API, where the workspace's own is a deploy key
     */
    @Serdeable
    record Wish(
            @Nullable String title,
            @Nullable String body,
            @Nullable String target,
            @Nullable String branch,
            @Nullable Boolean draft,
            @Nullable String credentialId) {}

    /** The pull request; {@code created} is false if it was there already. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Offered(
            String provider,
            long number,
            String url,
            String state,
            String title,
            String branch,
            String target,
            String commit,
            boolean created) {}

    Offered offer(String projectId, String sessionId, Caller caller, Wish wish) {
        Checkout checkout = results.need(projectId, sessionId);
        Workspace workspace = workspaces.need(projectId, checkout.workspaceId());
        WorkTree tree = repositories.workTree(workspace);
        RemoteUrl url = remotes.url(workspace, tree);
        hosting.mustBeHosted(url);
        SessionWork work = results.work(projectId, sessionId);
        if (work.head().equals(work.base())) {
            throw ProblemException.conflict(
                    "nothing-to-offer", "The session has no commit yet. Wait for its first checkpoint.");
        }
        BranchName branch = wish.branch() == null ? BranchName.ofSession(sessionId) : new BranchName(wish.branch());
        BranchName target = target(wish, workspace, work);
        if (target.equals(branch)) {
            throw ProblemException.unprocessable("target", "the branch itself (expected: another branch)");
        }
        Errand errand = workspace.errand(caller.userId());
        remotes.pushFromCache(workspace, tree, errand, work.head(), branch);
        // A deploy key opens no API: then whatever the user may use for that host is used.
        String fallback = url.scheme().equals("ssh") ? null : workspace.credentialId();
        Hosting.Result result = hosting.ensure(
                errand.with(wish.credentialId() == null ? fallback : wish.credentialId()),
                url,
                request(
                        wish,
                        ApplyMessage.of(
                                null, work, authorship.styleOf(workspace.id()), authorship.of(caller, workspace.id())),
                        branch,
                        target));
        return new Offered(
                result.provider(),
                result.pullRequest().number(),
                result.pullRequest().url(),
                result.pullRequest().state(),
                result.pullRequest().title(),
                branch.text(),
                target.text(),
                work.head(),
                result.made());
    }

    private BranchName target(Wish wish, Workspace workspace, SessionWork work) {
        if (wish.target() != null) {
            return new BranchName(wish.target());
        }
        return Optional.ofNullable(workspace.branch())
                .filter(name ->
                        work.cache().commit(RemoteRepository.BRANCHES + name).isPresent())
                .map(BranchName::new)
                .or(() -> remote.defaultBranch(work.cache()))
                .or(() -> Optional.ofNullable(workspace.branch()).map(BranchName::new))
                .orElseThrow(
                        () -> ProblemException.unprocessable("target", "missing (expected: a branch of the remote)"));
    }

    private static NewPullRequest request(Wish wish, String message, BranchName branch, BranchName target) {
        int end = message.indexOf('\n');
        String title =
                wish.title() == null ? message.substring(0, end) : wish.title().strip();
        String body = wish.body() == null ? message.substring(end).strip() : wish.body();
        if (title.isEmpty() || title.length() > TITLE_MAX) {
            throw ProblemException.invalid("title", "empty or too long (expected: 1 to " + TITLE_MAX + " characters)");
        }
        if (body.length() > BODY_MAX) {
            throw ProblemException.invalid("body", "too long (expected: at most " + BODY_MAX + " characters)");
        }
        return new NewPullRequest(branch.text(), target.text(), title, body, Boolean.TRUE.equals(wish.draft()));
    }
}
