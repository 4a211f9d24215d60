package dev.slipway.credential.store;

import dev.slipway.contracts.credential.CredentialEvent.CredentialChanged;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every change of a credential, each in one transaction with the event that tells of it and the job that tells the proxy. */
@Singleton
public class CredentialService {
    /** The kind of the jobs that tell the proxy; the key is the project's id. */
    public static final String PUSH_JOB = "push-rules";

    /** How many credentials a project can have; the proxy looks at all of their rules. */
    public static final int PER_PROJECT_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(CredentialService.class);

    private final CredentialStore store;
    private final RulesVersions versions;
    private final Vault vault;
    private final JobQueue jobs;
    private final Outbox outbox;
    private final Clock clock;

    CredentialService(
            CredentialStore store, RulesVersions versions, Vault vault, JobQueue jobs, Outbox outbox, Clock clock) {
        this.store = store;
        this.versions = versions;
        this.vault = vault;
        this.jobs = jobs;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Stores a credential, in place of the one of that name if there is one.
     *
     * @throws ProblemException 409 if another credential goes to the very same place, or there are too many
     */
    @Transactional
    Credential store(String projectId, Draft draft) {
        versions.raise(projectId);
        List<Credential> others = store.list(projectId, null, PER_PROJECT_MAX);
        Optional<Credential> old = others.stream()
                .filter(each -> each.provider().equals(draft.provider()))
                .findFirst();
        if (old.isEmpty() && others.size() >= PER_PROJECT_MAX) {
            throw ProblemException.conflict(
                    "too-many",
                    "The project has " + PER_PROJECT_MAX + " credentials, which is the most. Delete one first.");
        }
        others.stream()
                .filter(each -> !each.provider().equals(draft.provider()))
                .forEach(each -> refuseSamePlace(draft, each));
        Credential written = seal(projectId, draft, old.orElse(null));
        store.write(written, vault.currentKeyId());
        tell(written, "stored");
        return store.find(projectId, draft.provider()).orElseThrow();
    }

    /** Deletes a credential; 404 if there is none of that name. */
    @Transactional
    void delete(String projectId, String provider) {
        versions.raise(projectId);
        Credential gone = store.find(projectId, provider).orElseThrow(() -> ProblemException.notFound("credential"));
        store.delete(projectId, provider);
        tell(gone, "deleted");
    }

    /** Deletes all that a project has, since the project goes; repeating it changes nothing. */
    @Transactional
    public void deleteAll(String projectId) {
        store.list(projectId, null, PER_PROJECT_MAX).forEach(each -> delete(projectId, each.provider()));
    }

    private Credential seal(String projectId, Draft draft, @Nullable Credential old) {
        String id = old == null ? Ids.text() : old.id();
        long version = old == null ? 1 : old.version() + 1;
        byte[] secret = draft.secret().getBytes(StandardCharsets.US_ASCII);
        try {
            Instant now = clock.instant();
            return new Credential(
                    id,
                    projectId,
                    draft.provider(),
                    draft.name(),
                    draft.type(),
                    draft.target(),
                    new Sealed(vault.seal(Credential.binding(projectId, id, version), secret)),
                    draft.last4(),
                    version,
                    null,
                    draft.lifetime() == null ? null : now.plus(draft.lifetime()),
                    now,
                    now);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private void tell(Credential credential, String action) {
        outbox.append(
                credential.projectId(), credential.id(), new CredentialChanged(credential.provider(), action, null));
        jobs.add(PUSH_JOB, credential.projectId(), "");
        LOG.atInfo()
                .addKeyValue("projectId", credential.projectId())
                .addKeyValue("provider", credential.provider())
                .addKeyValue("version", credential.version())
                .log("credential " + action);
    }

    private static void refuseSamePlace(Draft draft, Credential other) {
        boolean same = other.points().stream()
                .anyMatch(point -> draft.points().stream().anyMatch(point::collidesWith));
        if (same) {
            throw ProblemException.conflict(
                    "same-place",
                    "The credential " + other.provider()
                            + " goes to the same place of the same host. Change or delete that one, or give a pathPrefix.");
        }
    }
}
