package dev.slipway.session.lifecycle;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * The body of POST of a fork; all of it may be missing.
 *
 * @param id chosen by the client; one of ours if missing
 * @param agentId another agent than the source's; it gets the conversation as text
 */
@Serdeable
record ForkRequest(
        @Nullable String id,
        @Nullable String name,
        @Nullable String agentId) {
    static final ForkRequest PLAIN = new ForkRequest(null, null, null);

    /** The session to be made from a source whose branch is this. */
    NewSession of(Session source, String branch) {
        String copyOf = source.shownName() + " (fork)";
        return new NewSession(
                id,
                source.workspaceId(),
                agentId == null ? source.agentId() : agentId,
                name == null || name.isBlank()
                        ? copyOf.substring(0, Math.min(copyOf.length(), NewSession.NAME_MAX))
                        : name,
                branch,
                source.image(),
                agentId == null ? source.model() : null,
                agentId == null ? source.mode() : null,
                source.env(),
                source.limits(),
                source.permissions());
    }
}
