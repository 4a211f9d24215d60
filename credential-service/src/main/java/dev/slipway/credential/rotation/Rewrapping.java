package dev.slipway.credential.rotation;

import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.JobQueue;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps the data key of every credential by the current master key, one row at a time: each is readable before, between and
 * after, and whoever dies in the middle leaves a part of them done. Asked for at each start; with nothing to do it ends at once.
 */
@Singleton
class Rewrapping implements JobHandler {
    private static final String KIND = "rewrap";
    private static final int BATCH = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Rewrapping.class);

    private final CredentialStore store;
    private final Vault vault;
    private final JobQueue jobs;

    Rewrapping(CredentialStore store, Vault vault, JobQueue jobs) {
        this.store = store;
        this.vault = vault;
        this.jobs = jobs;
    }

    @EventListener
    @Transactional
    void ask(ServerStartupEvent started) {
        jobs.add(KIND, vault.currentKeyId(), "");
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) throws InterruptedException {
        if (!job.key().equals(vault.currentKeyId())) {
            // Queued by a replica with another key, which may be the newer one: that replica is to do it.
            return;
        }
        String last = "";
        int done = 0;
        List<String> batch = store.wrappedByOthers(job.key(), last, BATCH);
        while (!batch.isEmpty()) {
            for (String id : batch) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the job goes to another worker");
                }
                done += store.rewrap(id, vault) ? 1 : 0;
            }
            last = batch.getLast();
            batch = store.wrappedByOthers(job.key(), last, BATCH);
        }
        if (done > 0) {
            LOG.atInfo()
                    .addKeyValue("keyId", job.key())
                    .addKeyValue("credentials", done)
                    .log("data keys wrapped by the current master key");
        }
    }
}
