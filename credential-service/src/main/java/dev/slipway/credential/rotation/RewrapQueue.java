package dev.slipway.credential.rotation;

import dev.slipway.kit.job.JobQueue;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;

/** Asks for all data keys to be wrapped by a master key. */
@Singleton
class RewrapQueue {
    /** The kind of the jobs; the key is the master key's id. */
    static final String KIND = "rewrap";

    private final JobQueue jobs;
    private final MasterKeyHistory history;

    RewrapQueue(JobQueue jobs, MasterKeyHistory history) {
        this.jobs = jobs;
        this.history = history;
    }

    @Transactional
    void add(String keyId) {
        history.adopt(keyId);
        jobs.add(KIND, keyId, "");
    }
}
