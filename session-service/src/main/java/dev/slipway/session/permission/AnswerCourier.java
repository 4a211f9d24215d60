package dev.slipway.session.permission;

import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import dev.slipway.session.turn.Agents;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Brings answers to agents. The job's key is {@code session/request}, its payload the project. */
@Singleton
class AnswerCourier implements JobHandler {
    static final String KIND = "permission-answer";

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final PermissionRepository permissions;
    private final Agents agents;

    AnswerCourier(PermissionRepository permissions, Agents agents) {
        this.permissions = permissions;
        this.agents = agents;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        String[] key = job.key().split("/", 2);
        permissions
                .find(key[0], key[1])
                .filter(request -> request.state().equals("answered"))
                .ifPresent(request -> bring(job.payload(), request));
    }

    private static Map<String, Object> answer(PermissionRequest request) {
        if (request.optionId() != null) {
            return Map.of("optionId", Objects.requireNonNull(request.optionId()));
        }
        if (request.answers() != null) {
            return Map.of("answers", Objects.requireNonNull(request.answers()));
        }
        return Map.of(request.declined() ? "declined" : "cancelled", true);
    }

    private void bring(String projectId, PermissionRequest request) {
        Map<String, Object> answer = answer(request);
        try {
            agents.answer(projectId, request.sessionId(), request.id(), answer);
        } catch (UpstreamProblemException e) {
            // 409: it has an answer, and the journal will say which.
            if (e.status() != 409) {
                throw new RetryLaterException(AGAIN);
            }
        } catch (UpstreamUnavailableException _) {
            throw new RetryLaterException(AGAIN);
        }
    }
}
