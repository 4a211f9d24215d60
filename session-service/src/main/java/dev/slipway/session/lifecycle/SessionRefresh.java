package dev.slipway.session.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a project's sandboxes the image that their image's name stands for now, all or only those that run an older one. Files and
 * conversations stay. A turn is not interrupted for it, and a sandbox that stands still needs nothing: it gets the newest image at its
 * next start.
 */
@Singleton
class SessionRefresh {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final InternalClient http;
    private final SessionRepository sessions;
    private final SessionService service;

    SessionRefresh(InternalClient http, SessionRepository sessions, SessionService service) {
        this.http = http;
        this.sessions = sessions;
        this.service = service;
    }

    /** Looks at the project's sandboxes now, and begins to replace those that may be. */
    Refreshed run(String projectId, boolean outdatedOnly) {
        List<RefreshedSession> seen = new ArrayList<>();
        Map<String, Image> images = images(projectId);
        for (String id : sessions.ids(projectId, null)) {
            Image image = images.get(id);
            Session session = sessions.find(projectId, id).orElse(null);
            if (image != null && session != null && (image.outdated() || !outdatedOnly)) {
                seen.add(new RefreshedSession(
                        id, image.image(), image.digest(), image.newest(), image.outdated(), deed(projectId, session)));
            }
        }
        return new Refreshed(List.copyOf(seen));
    }

    private String deed(String projectId, Session session) {
        return switch (session.state()) {
            case SessionState.Ready _ -> upgrade(projectId, session.id());
            case SessionState.Running _ -> "busy";
            case SessionState.Preparing _ -> "starting";
            case SessionState.Stopped _, SessionState.Failed _, SessionState.Removing _, SessionState.Removed _ ->
                "stopped";
        };
    }

    /** A turn may have begun since the row was read; that one is not interrupted either. */
    private String upgrade(String projectId, String id) {
        try {
            return service.upgradeIfIdle(projectId, id) ? "upgrading" : "busy";
        } catch (ProblemException e) {
            return "busy";
        }
    }

    private Map<String, Image> images(String projectId) {
        Images answer = http.call(
                Caller.system("session-service", projectId),
                "container-service",
                "POST",
                "/internal/images/refresh?outdatedOnly=false&project="
                        + URLEncoder.encode(projectId, StandardCharsets.UTF_8),
                null,
                Images.class,
                DEADLINE);
        Map<String, Image> bySession = new HashMap<>();
        answer.sessions().forEach(image -> bySession.put(image.sessionId(), image));
        return bySession;
    }

    /** container-service's answer. */
    @Serdeable
    record Images(List<Image> sessions) {}

    /** What one sandbox runs, and what its image's name stands for now. */
    @Serdeable
    record Image(
            String projectId,
            String sessionId,
            String image,
            @Nullable String digest,
            @Nullable String newest,
            boolean outdated) {}

    /** What was found and done. */
    @Serdeable
    record Refreshed(List<RefreshedSession> sessions) {}

    /**
     * One session.
     *
     * @param action {@code upgrading}; {@code busy} with a turn, {@code starting} or {@code stopped}: left alone
     */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RefreshedSession(
            String sessionId,
            String image,
            @Nullable String imageDigest,
            @Nullable String newest,
            boolean outdated,
            String action) {}
}
