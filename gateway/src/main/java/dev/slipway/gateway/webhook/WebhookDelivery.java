package dev.slipway.gateway.webhook;

import dev.slipway.gateway.webhook.WebhookStore.Parcel;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Sends a delivery until the other side takes it. What was sent and not noted before a crash is sent again, with the same id. */
@Singleton
class WebhookDelivery implements JobHandler {
    static final String KIND = "webhook";

    private static final int GONE = 410;
    private static final Duration PAUSE_MAX = Duration.ofHours(6);

    private final WebhookStore store;
    private final WebhookSecrets secrets;
    private final WebhookSender sender;
    private final WebhookSettings settings;
    private final Clock clock;

    WebhookDelivery(
            WebhookStore store, WebhookSecrets secrets, WebhookSender sender, WebhookSettings settings, Clock clock) {
        this.store = store;
        this.secrets = secrets;
        this.sender = sender;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public int attemptsMax() {
        return settings.attempts();
    }

    @Override
    public Duration backoff(int attempt) {
        double factor = Math.pow(3, Math.min(attempt - 1, 20));
        long millis = (long) Math.min(
                (double) PAUSE_MAX.toMillis(), (double) settings.firstRetry().toMillis() * factor);
        return Duration.ofMillis(
                millis + java.util.concurrent.ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    }

    @Override
    public void run(Job job) {
        Optional<Parcel> found = store.parcel(job.payload());
        if (found.isEmpty() || !found.get().state().equals("waiting")) {
            return;
        }
        Parcel parcel = found.get();
        long timestamp = clock.instant().getEpochSecond();
        String signature = secrets.sign(parcel.webhook(), parcel.secret(), parcel.id(), timestamp, parcel.body());
        WebhookSender.Outcome outcome = sender.send(parcel, timestamp, signature);
        if (outcome.taken()) {
            store.tried(parcel.id(), "delivered", outcome.status(), null, outcome.millis());
        } else if (outcome.status() != null && outcome.status() == GONE) {
            store.tried(parcel.id(), "dead", outcome.status(), outcome.error(), outcome.millis());
        } else {
            store.tried(parcel.id(), "waiting", outcome.status(), outcome.error(), outcome.millis());
            throw new NotTakenException(outcome.error());
        }
    }

    @Override
    public void dead(Job job, Exception reason) {
        store.bury(job.payload());
    }

    /** The other side did not take it; where in our code that came to light says nothing. */
    private static final class NotTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotTakenException(String reason) {
            super(reason, null, false, false);
        }
    }
}
