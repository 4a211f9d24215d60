package dev.slipway.workspace.checkout;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Revision;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceStatus;
import dev.slipway.workspace.registry.WorkspaceStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes a session's branch: takes over what the workspace has committed by now, and starts the branch at the wanted commit. A
 * workspace that is still being cloned is waited for.
 */
@Singleton
final class PrepareJob implements JobHandler {
    static final String KIND = "checkout.prepare";
    private static final int ATTEMPTS = 6;
    private static final Duration WAIT_FOR_CLONE = Duration.ofMinutes(45);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Checkouts checkouts;
    private final WorkspaceStore workspaces;
    private final Repositories repositories;
    private final Clock clock;

    PrepareJob(Checkouts checkouts, WorkspaceStore workspaces, Repositories repositories, Clock clock) {
        this.checkouts = checkouts;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public int attemptsMax() {
        return ATTEMPTS;
    }

    @Override
    public void run(Job job) {
        Optional<Checkout> wanted =
                checkouts.find(job.key()).filter(checkout -> checkout.state().equals("preparing"));
        if (wanted.isEmpty()) {
            return;
        }
        Checkout checkout = wanted.get();
        try {
            Workspace workspace = workspaces
                    .find(checkout.projectId(), checkout.workspaceId())
                    .orElseThrow(() -> ProblemException.notFound("workspace"));
            if (isComing(workspace)) {
                waitFor(checkout);
            }
            prepare(checkout, workspace);
        } catch (ProblemException e) {
            checkouts.failed(checkout, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void dead(Job job, Exception reason) {
        checkouts
                .find(job.key())
                .ifPresent(checkout ->
                        checkouts.failed(checkout, "The session's branch could not be made: " + reason.getMessage()));
    }

    private void prepare(Checkout checkout, Workspace workspace) {
        WorkTree tree = repositories.workTree(workspace);
        Cache cache = repositories.cache(workspace.projectId(), workspace.repositoryId());
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            cache.takeFrom(tree, workspace.id());
            String base = base(checkout, tree, cache);
            SessionBranch.make(cache, checkout.sessionId(), workspace.id(), base);
            String head = cache.commit(Cache.branchOf(checkout.sessionId())).orElse(base);
            checkouts.prepared(checkout, workspace.repositoryId(), base, head);
            return head;
        });
    }

    /** The commit that the branch starts at. Another session's branch of the same workspace may be named, for a fork. */
    private String base(Checkout checkout, WorkTree tree, Cache cache) {
        String named = checkout.baseRef();
        if (named == null || named.isBlank()) {
            return tree.head()
                    .orElseThrow(() -> ProblemException.conflict(
                            "no-commit", "The workspace has no commit yet. Commit something in it first."));
        }
        Revision revision = Revision.of("baseRef", named);
        Optional<String> ofSession = Optional.of(named)
                .filter(name -> name.startsWith("slipway/"))
                .map(name -> name.substring("slipway/".length()))
                .flatMap(checkouts::find)
                .filter(other -> other.isReady() && other.workspaceId().equals(checkout.workspaceId()))
                .flatMap(other -> cache.commit(Lines.resultOf(other)));
        return ofSession
                .or(() -> tree.commit(revision.text()))
                .or(() -> tree.commit("refs/remotes/origin/" + revision))
                .filter(commit -> cache.commit(commit).isPresent())
                .orElseThrow(() -> ProblemException.unprocessable(
                        "baseRef",
                        "no commit \"" + revision + "\" in the workspace (expected: a branch, tag or commit)"));
    }

    private static boolean isComing(Workspace workspace) {
        return workspace.status() instanceof WorkspaceStatus.Initializing
                || workspace.status() instanceof WorkspaceStatus.Cloning;
    }

    private void waitFor(Checkout checkout) {
        if (checkout.createdAt().plus(WAIT_FOR_CLONE).isBefore(clock.instant())) {
            throw ProblemException.conflict(
                    "workspace-late", "The workspace was not cloned in time. Validate it, then try again.");
        }
        throw new RetryLaterException(LOOK_AGAIN);
    }
}
