package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.cli.AgentSpec;
import dev.slipway.agent.git.Author;

/**
 * What container-service tells this sandbox to be.
 *
 * @param baseCommit what the session's diff is made against; empty text: the commit that was cloned
 * @param source the JSON that this was read from, kept on the volume as it came
 */
public record AgentSession(
        String sessionId,
        String projectId,
        String gitUrl,
        String branch,
        String baseCommit,
        Author author,
        AgentSpec agent,
        JsonNode source) {

    /** @throws IllegalArgumentException if something is missing or malformed, with what was expected */
    public static AgentSession parse(JsonNode json) {
        String branch = required(json, "branch");
        if (branch.startsWith("-") || branch.contains("..") || branch.matches(".*[\\s~^:?*\\[\\\\].*")) {
            throw new IllegalArgumentException("branch: " + branch + " (expected: the name of a git branch)");
        }
        String gitUrl = required(json, "gitUrl");
        if (!gitUrl.matches("(https?|file)://.*")) {
            throw new IllegalArgumentException("gitUrl: " + gitUrl + " (expected: an http URL)");
        }
        String baseCommit = json.path("baseCommit").asText("");
        if (!baseCommit.matches("([0-9a-f]{7,64})?")) {
            throw new IllegalArgumentException("baseCommit: " + baseCommit + " (expected: a commit id)");
        }
        JsonNode author = json.path("author");
        return new AgentSession(
                required(json, "sessionId"),
                required(json, "projectId"),
                gitUrl,
                branch,
                baseCommit,
                new Author(
                        author.path("name").asText("Slipway"),
                        author.path("email").asText("slipway@localhost")),
                AgentSpec.parse(json.path("agent")),
                json);
    }

    private static String required(JsonNode json, String field) {
        String value = json.path(field).asText("");
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + ": missing (expected: text)");
        }
        return value;
    }
}
