package dev.slipway.session.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.identity.Caller;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a session's sandbox could have a newer image: container-service knows what is there. */
@Singleton
class ImageUpdates {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final InternalClient http;

    ImageUpdates(InternalClient http) {
        this.http = http;
    }

    /** Compares the image of a session's sandbox with the newest; one without a sandbox has nothing to update. */
    UpdateView of(Session session) {
        ImageView seen = ask(session);
        String digest =
                Objects.requireNonNullElse(seen.digest(), session.sandbox().imageDigest());
        String newest = Objects.requireNonNullElse(seen.newest(), session.newestImage());
        boolean newer = newest != null && !newest.equals(digest);
        return new UpdateView(newer, session.sandbox().image(), digest, newer ? newest : null);
    }

    private ImageView ask(Session session) {
        String path = "/internal/projects/" + InternalClient.segment(session.projectId()) + "/sessions/"
                + InternalClient.segment(session.id()) + "/image";
        try {
            return http.call(
                    Caller.system("session-service", session.projectId()),
                    "container-service",
                    "GET",
                    path,
                    null,
                    ImageView.class,
                    DEADLINE);
        } catch (UpstreamProblemException e) {
            if (e.status() == 404) {
                return new ImageView(null, null, null);
            }
            throw e;
        }
    }

    /** container-service's answer: what the sandbox was made of, and the newest digest of that image. */
    @Serdeable
    record ImageView(
            @Nullable String image,
            @Nullable String digest,
            @Nullable String newest) {}

    /** Whether an upgrade would bring a newer image. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record UpdateView(
            boolean updateAvailable,
            @Nullable String image,
            @Nullable String imageDigest,
            @Nullable String newest) {}
}
