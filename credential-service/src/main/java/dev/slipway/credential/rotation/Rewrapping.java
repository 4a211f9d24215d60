package dev.slipway.credential.rotation;

import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.vault.KeyServiceUnavailableException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals every credential anew that another master key sealed or whose data key is too old, one row at a time: each is readable
 * before, between and after, and whoever dies in the middle leaves a part of them done. Asked for at each start, when a key
 * service has a new version of its key, and when data keys have come of age; with nothing to do it ends at once.
 */
@Singleton
class Rewrapping implements JobHandler {
    private static final int BATCH = 100;

    private static final Duration FOR_ONE_THAT_IS_LATE = Duration.ofMinutes(1);
    private static final Duration HURRY = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Rewrapping.class);

    private final CredentialStore store;
    private final Vault vault;
    private final RewrapQueue queue;
    private final MasterKeyHistory history;
    private final RotationSettings settings;
    private final Clock clock;
    private volatile String asked = "";

    Rewrapping(
            CredentialStore store,
            Vault vault,
            RewrapQueue queue,
            MasterKeyHistory history,
            RotationSettings settings,
            Clock clock) {
        this.history = history;
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.vault = vault;
        this.queue = queue;
    }

    /** Looks which key seals; a key service that is away is asked again. */
    @Scheduled(fixedDelay = "30s", initialDelay = "0s")
    void ask() {
        try {
            String current = vault.currentKeyId();
            if (!current.equals(asked)) {
                queue.add(current);
                asked = current;
            }
        } catch (KeyServiceUnavailableException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("current master key is not known");
        }
    }

    /** Looks whether data keys have come of age. */
    @Scheduled(fixedDelay = "1h", initialDelay = "0s")
    void askForAge() {
        try {
            if (store.countKeyedBefore(settings.dueBefore(clock)) > 0) {
                queue.add(vault.currentKeyId());
            }
        } catch (KeyServiceUnavailableException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("current master key is not known");
        }
    }

    /** Never the same: all look for jobs at a pace, and the one that put it back would be the next to find it each time. */
    private static Duration aboutASecond() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextInt(500, 1_700));
    }

    @Override
    public String kind() {
        return RewrapQueue.KIND;
    }

    @Override
    public void run(Job job) throws InterruptedException {
        String current = vault.currentKeyId();
        if (!job.key().equals(current)) {
            if (history.isOlder(job.key(), current)) {
                return;
            }
            // Queued by a replica that has a newer key already: it stays until that one takes it. One that never comes,
            // since the key was taken back, is not waited for in a hurry.
            boolean fresh = history.isAdoptedSince(job.key(), clock.instant().minus(HURRY));
            throw new RetryLaterException(fresh ? aboutASecond() : FOR_ONE_THAT_IS_LATE);
        }
        Instant madeBefore = settings.dueBefore(clock);
        String last = "";
        int done = 0;
        List<String> batch = store.outdated(job.key(), madeBefore, last, BATCH);
        while (!batch.isEmpty()) {
            for (String id : batch) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the job goes to another worker");
                }
                done += store.renew(id, vault) ? 1 : 0;
            }
            last = batch.getLast();
            batch = store.outdated(job.key(), madeBefore, last, BATCH);
        }
        if (done > 0) {
            LOG.atInfo()
                    .addKeyValue("keyId", job.key())
                    .addKeyValue("credentials", done)
                    .log("sealed anew with fresh data keys and the current master key");
        }
    }
}
