package dev.slipway.credential.oauth;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialService;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Refreshes a credential when it is due, whichever replica comes first; the row says when that is. */
@Singleton
final class RefreshJob implements JobHandler {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final CredentialStore store;
    private final Refresher refresher;
    private final RefreshSettings settings;
    private final Clock clock;

    RefreshJob(CredentialStore store, Refresher refresher, RefreshSettings settings, Clock clock) {
        this.store = store;
        this.refresher = refresher;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return CredentialService.REFRESH_JOB;
    }

    @Override
    public void run(Job job) {
        store.ofAnyProject(job.key()).filter(RefreshJob::isWanted).ifPresent(found -> {
            waitUntilDue(found);
            refresher
                    .refresh(found, settings.lease().plus(LOOK_AGAIN))
                    .filter(RefreshJob::isWanted)
                    .ifPresent(this::waitUntilDue);
            // Still due: the attempt came to no end here.
            if (store.ofAnyProject(job.key()).filter(RefreshJob::isWanted).isPresent()) {
                throw new RetryLaterException(LOOK_AGAIN);
            }
        });
    }

    private static boolean isWanted(Credential credential) {
        return credential.refresh() != null && credential.renewal().at() != null;
    }

    private void waitUntilDue(Credential credential) {
        Instant due = credential.renewal().at();
        Duration left = due == null ? Duration.ZERO : Duration.between(clock.instant(), due);
        if (left.isPositive()) {
            throw new RetryLaterException(left);
        }
    }
}
