package dev.slipway.session.offer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.agent.AgentService;
import dev.slipway.session.agent.AgentType;
import dev.slipway.session.lifecycle.SessionService;
import dev.slipway.session.transcript.Tree;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Slash commands, models and modes of agents over HTTP. Read from the store: nothing here wakes a sandbox. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}")
class OfferController {
    private final Offers offers;
    private final SessionService sessions;
    private final AgentService agents;

    OfferController(Offers offers, SessionService sessions, AgentService agents) {
        this.offers = offers;
        this.sessions = sessions;
        this.agents = agents;
    }

    /** What may follow a slash at the beginning of a message. An agent has at most some dozens: one page. */
    @Get("/sessions/{session}/commands")
    CommandList commands(String project, String session) {
        Map<String, Object> offer =
                offers.ofSession(sessions.get(project, session).id());
        return new CommandList(Tree.objects(offer, "commands").stream()
                .filter(command -> Tree.text(command, "name") != null)
                .map(CommandView::of)
                .toList());
    }

    @Get("/sessions/{session}/models")
    OfferView ofSession(String project, String session) {
        return OfferView.of(offers.ofSession(sessions.get(project, session).id()));
    }

    @Get("/agents/{agent}/models")
    OfferView ofAgent(String project, String agent) {
        AgentType type = agents.typeOf(project, agent).orElseThrow(() -> ProblemException.notFound("agent"));
        return OfferView.of(
                offers.ofAgent(project, agent, type.id(), type != AgentType.ACP).orElse(Map.of()));
    }

    /** A command of the agent. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CommandView(
            String name, String description, @Nullable String hint) {
        static CommandView of(Map<String, Object> command) {
            return new CommandView(
                    String.valueOf(command.get("name")),
                    Objects.requireNonNullElse(Tree.text(command, "description"), ""),
                    Tree.text(Tree.object(command, "input"), "hint"));
        }
    }

    @Serdeable
    record CommandList(List<CommandView> commands) {}
}
