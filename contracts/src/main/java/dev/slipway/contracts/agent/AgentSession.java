package dev.slipway.contracts.agent;

import dev.slipway.contracts.session.AgentSpec;
import io.micronaut.serde.annotation.Serdeable;

/**
 * What the supervisor in a sandbox needs to begin: where to clone from and which agent to run.
 */
@Serdeable
public record AgentSession(
        String sessionId,
        String projectId,
        String gitUrl,
        String branch,
        String baseCommit,
        Author author,
        AgentSpec agent) {}
