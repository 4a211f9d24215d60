package dev.slipway.container.terminal;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.container.agent.ReadySandboxes;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a session's terminal is, and what was written in it. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}/terminal")
class TerminalController {
    private final ReadySandboxes sandboxes;
    private final TerminalAgent agent;
    private final TerminalHistory history;
    private final TerminalStore store;

    TerminalController(ReadySandboxes sandboxes, TerminalAgent agent, TerminalHistory history, TerminalStore store) {
        this.sandboxes = sandboxes;
        this.agent = agent;
        this.history = history;
        this.store = store;
    }

    @Get("/status")
    TerminalStatus status(String project, String session, Caller caller) {
        caller.require(Role.MEMBER);
        WantedSandbox sandbox = sandboxes.any(project, session);
        return TerminalStatus.of(sandbox, shell(sandbox));
    }

    @Get("/history")
    History history(
            String project,
            String session,
            Caller caller,
            @QueryValue @Nullable Integer limit,
            @QueryValue @Nullable String cursor) {
        caller.require(Role.MEMBER);
        WantedSandbox sandbox = sandboxes.any(project, session);
        int size = Paging.limit(limit);
        String position = Paging.position(cursor);
        if (position != null && !position.matches("[0-9]{1,18}-[a-z]{1,10}")) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
        if (position == null && sandbox.state() instanceof SandboxState.Ready) {
            history.copyQuietly(new SandboxName(session));
        }
        Paging.Page<TerminalEntry> page = Paging.page(store.list(session, position, size + 1), size, TerminalEntry::id);
        // The newest page comes first; within a page the oldest does, as it is read.
        return new History(page.items().reversed(), page.nextCursor());
    }

    private Map<?, ?> shell(WantedSandbox sandbox) {
        if (!(sandbox.state() instanceof SandboxState.Ready)) {
            return Map.of();
        }
        try {
            return agent.status(new SandboxName(sandbox.sessionId()));
        } catch (IOException _) {
            return Map.of();
        }
    }

    /** A page of history. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record History(List<TerminalEntry> history, @Nullable String nextCursor) {}
}
