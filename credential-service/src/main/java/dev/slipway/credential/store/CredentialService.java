package dev.slipway.credential.store;

import dev.slipway.contracts.credential.CredentialEvent.CredentialChanged;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Scope;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every change of a credential, each in one transaction with the event that tells of it and the job that tells the proxy. */
@Singleton
public class CredentialService {
    /** The kind of the jobs that tell the proxy; the key is the project's id. */
    public static final String PUSH_JOB = "push-rules";

    /** The kind of the jobs that get the next token; the key is the credential's id. */
    public static final String REFRESH_JOB = "refresh-token";

    /** How many credentials a project can have, and each user beside; the proxy looks at all of their rules. */
    public static final int PER_OWNER_MAX = 100;

    /** How many a project and its users can have together. */
    public static final int PER_PROJECT_MAX = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(CredentialService.class);

    private final CredentialStore store;
    private final RulesVersions versions;
    private final Sealing sealing;
    private final Revocations revocations;
    private final JobQueue jobs;
    private final Outbox outbox;
    private final Clock clock;

    CredentialService(
            CredentialStore store,
            RulesVersions versions,
            Sealing sealing,
            Revocations revocations,
            JobQueue jobs,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.versions = versions;
        this.sealing = sealing;
        this.revocations = revocations;
        this.jobs = jobs;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Stores a credential, in place of its owner's one of that name if there is one.
     *
     * @throws ProblemException 409 if another one of the same owner goes to the very same place, or there are too many
     */
    @Transactional
    public Credential store(String projectId, Draft draft) {
        versions.raise(projectId);
        Optional<Credential> old = requireRoom(projectId, draft);
        String id = old.map(Credential::id).orElseGet(Ids::text);
        long version = old.map(Credential::version).orElse(0L) + 1;
        Credential written = sealing.seal(projectId, id, version, draft, clock.instant());
        write(written, "stored");
        return store.find(projectId, id).orElseThrow();
    }

    /**
     * Checks whether a credential can be stored, as {@link #store} does, before a sign-in is begun that would be lost otherwise.
     *
     * @return the one that it would replace
     */
    @Transactional
    public Optional<Credential> requireRoom(String projectId, Draft draft) {
        List<Credential> all = store.all(projectId, PER_PROJECT_MAX);
        List<Credential> owners = all.stream()
                .filter(each -> Objects.equals(each.userId(), draft.userId()))
                .toList();
        Optional<Credential> old = owners.stream()
                .filter(each -> each.provider().equals(draft.provider()))
                .findFirst();
        if (old.isEmpty() && (owners.size() >= PER_OWNER_MAX || all.size() >= PER_PROJECT_MAX)) {
            throw ProblemException.conflict(
                    "too-many",
                    "There are " + owners.size() + " credentials already, which is the most. Delete one first.");
        }
        owners.stream()
                .filter(each -> !each.provider().equals(draft.provider()))
                .forEach(each -> refuseSamePlace(draft, each));
        return old;
    }

    /** Limits a credential anew; its secret stays. */
    @Transactional
    Credential limit(Credential credential, Scope scope) {
        versions.raise(credential.projectId());
        Credential present = store.find(credential.projectId(), credential.id())
                .orElseThrow(() -> ProblemException.notFound("credential"));
        if (present.kind() == Provider.SSH) {
            Draft.requireWholeProject(false, scope);
        }
        Credential limited = sealing.limited(present, scope);
        if (limited.points().isEmpty() && present.kind() != Provider.SSH) {
            throw ProblemException.unprocessable(
                    "paths", "none of them is a path that this credential is for (expected: some, or none at all)");
        }
        store.all(present.projectId(), PER_PROJECT_MAX).stream()
                .filter(each -> Objects.equals(each.userId(), present.userId()))
                .filter(each -> !each.id().equals(present.id()))
                .filter(each -> each.scope().meets(scope))
                .filter(each -> collide(each, limited))
                .forEach(each -> refuse(each.provider()));
        store.limit(present.id(), scope);
        tell(limited, "stored");
        return store.find(present.projectId(), present.id()).orElseThrow();
    }

    /**
     * Puts the next token in place of the one that was used to get it. Whoever refreshed is not asked: a token that came late is
     * still the only good one.
     *
     * @return whether it was; not if somebody stored or deleted the credential meanwhile
     */
    @Transactional
    public boolean refreshed(Credential used, NextToken next) {
        versions.raise(used.projectId());
        Optional<Credential> present = store.find(used.projectId(), used.id());
        if (present.isEmpty() || present.get().version() != used.version()) {
            return false;
        }
        write(sealing.next(used, next, clock.instant()), "refreshed");
        return true;
    }

    /** Notes that the next token did not come, and when it is tried again: null for never. */
    @Transactional
    public void refreshFailed(Credential used, String problem, @Nullable Instant nextTry) {
        int failures = used.renewal().failures() + 1;
        if (!store.note(used, new Renewal(failures, problem, nextTry))) {
            return;
        }
        outbox.append(used.projectId(), used.id(), new CredentialChanged(used.provider(), "failed", used.userId()));
        if (nextTry != null) {
            jobs.add(REFRESH_JOB, used.id(), "", Duration.between(clock.instant(), nextTry));
        }
        LOG.atWarn()
                .addKeyValue("projectId", used.projectId())
                .addKeyValue("provider", used.provider())
                .addKeyValue("failures", failures)
                .addKeyValue("reason", problem)
                .log("credential not refreshed");
    }

    /** Deletes a credential, and has its provider told if it came by a sign-in. */
    @Transactional
    public void delete(Credential credential) {
        versions.raise(credential.projectId());
        Credential gone = store.find(credential.projectId(), credential.id())
                .orElseThrow(() -> ProblemException.notFound("credential"));
        revocations.add(gone);
        store.delete(gone.id());
        tell(gone, "deleted");
    }

    /** Deletes all that a project has, since the project goes; repeating it changes nothing. */
    @Transactional
    public void deleteAll(String projectId) {
        store.all(projectId, PER_PROJECT_MAX).forEach(this::delete);
    }

    /** Deletes what a user has of their own in a project, since they left it; repeating it changes nothing. */
    @Transactional
    public void deletePersonal(String projectId, String userId) {
        store.personal(projectId, userId, PER_OWNER_MAX).forEach(this::delete);
    }

    private void write(Credential written, String action) {
        store.write(written);
        Instant refreshAt = written.renewal().at();
        if (refreshAt != null) {
            jobs.add(REFRESH_JOB, written.id(), "", Duration.between(clock.instant(), refreshAt));
        }
        tell(written, action);
    }

    private void tell(Credential credential, String action) {
        outbox.append(
                credential.projectId(),
                credential.id(),
                new CredentialChanged(credential.provider(), action, credential.userId()));
        jobs.add(PUSH_JOB, credential.projectId(), "");
        LOG.atInfo()
                .addKeyValue("projectId", credential.projectId())
                .addKeyValue("provider", credential.provider())
                .addKeyValue("version", credential.version())
                .log("credential " + action);
    }

    private static void refuseSamePlace(Draft draft, Credential other) {
        boolean same = draft.scope().meets(other.scope())
                && other.points().stream()
                        .anyMatch(point -> draft.points().stream().anyMatch(point::collidesWith));
        if (same) {
            refuse(other.provider());
        }
    }

    private static boolean collide(Credential one, Credential other) {
        return one.points().stream().anyMatch(point -> other.points().stream().anyMatch(point::collidesWith));
    }

    private static void refuse(String other) {
        throw ProblemException.conflict(
                "same-place",
                "The credential " + other
                        + " goes to the same place of the same host. Change or delete that one, give a pathPrefix,"
                        + " or limit both to different workspaces.");
    }
}
