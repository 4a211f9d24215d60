package dev.slipway.session.agent;

import dev.slipway.contracts.session.AgentSpec;
import dev.slipway.contracts.session.SessionEvent.AgentChanged;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with a project's agents. A project that has none gets a Claude Code at the first use, so that nothing
 * has to be set up; the first is the default, and there is always exactly one.
 */
@Singleton
public class AgentService {
    private static final NewAgent FIRST =
            new NewAgent(null, AgentType.CLAUDE_CODE.id(), null, null, null, null, null, null, null);

    private final AgentRepository agents;
    private final Outbox outbox;

    AgentService(AgentRepository agents, Outbox outbox) {
        this.agents = agents;
        this.outbox = outbox;
    }

    @Transactional
    Agent create(String projectId, Agent.AgentSettings settings) {
        agents.lockProject(projectId);
        String id = Ids.text();
        agents.insert(id, projectId, settings, agents.findDefault(projectId).isEmpty());
        outbox.append(projectId, id, new AgentChanged(id, "created"));
        return agents.find(projectId, id).orElseThrow();
    }

    @Transactional
    Agent get(String projectId, String id) {
        return agents.find(projectId, id).orElseThrow(() -> ProblemException.notFound("agent"));
    }

    @Transactional
    List<Agent> list(String projectId, @Nullable String afterId, int limit) {
        if (afterId == null) {
            defaultOf(projectId);
        }
        return agents.list(projectId, afterId, limit);
    }

    @Transactional
    Agent change(String projectId, String id, Agent.AgentSettings settings, @Nullable String ifMatch) {
        agents.lockProject(projectId);
        Etag.check(ifMatch, get(projectId, id).version());
        agents.update(id, settings);
        outbox.append(projectId, id, new AgentChanged(id, "changed"));
        return get(projectId, id);
    }

    @Transactional
    Agent makeDefault(String projectId, String id) {
        agents.lockProject(projectId);
        get(projectId, id);
        agents.makeDefault(projectId, id);
        outbox.append(projectId, id, new AgentChanged(id, "default"));
        return get(projectId, id);
    }

    /** Sessions that used it fall back to the default. */
    @Transactional
    void delete(String projectId, String id, @Nullable String ifMatch) {
        agents.lockProject(projectId);
        Agent agent = get(projectId, id);
        Etag.check(ifMatch, agent.version());
        agents.delete(id);
        if (agent.isDefault()) {
            agents.findOldest(projectId).ifPresent(next -> agents.makeDefault(projectId, next.id()));
        }
        outbox.append(projectId, id, new AgentChanged(id, "deleted"));
    }

    /** The id of this agent, or of the project's default if null; 400 if there is no such agent. */
    @Transactional
    public String choose(String projectId, @Nullable String agentId) {
        if (agentId == null) {
            return defaultOf(projectId).id();
        }
        return agents.find(projectId, agentId)
                .orElseThrow(() -> ProblemException.invalid("agentId", "no such agent (expected: one of this project)"))
                .id();
    }

    /** The agent that a name means: its id, or the oldest of a type; 400 if there is none. */
    @Transactional
    public String named(String projectId, String name) {
        return agents.find(projectId, name)
                .or(() -> agents.findOldestOf(projectId, name))
                .map(Agent::id)
                .orElseThrow(() -> ProblemException.invalid(
                        "agent", name + " (expected: the id of an agent, or a type that the project has one of)"));
    }

    /** The type of an agent; nothing if there is no such agent. */
    @Transactional
    public Optional<AgentType> typeOf(String projectId, @Nullable String agentId) {
        return agentId == null
                ? Optional.empty()
                : agents.find(projectId, agentId).map(agent -> agent.settings().type());
    }

    /** What the sandbox is to run: the session's agent, or the default if that is gone. */
    @Transactional(propagation = Propagation.MANDATORY)
    public AgentSpec specification(
            String projectId,
            @Nullable String agentId,
            @Nullable String model,
            @Nullable String mode,
            @Nullable String permissions) {
        Agent agent = (agentId == null ? Optional.<Agent>empty() : agents.find(projectId, agentId))
                .orElseGet(() -> defaultOf(projectId));
        Agent.AgentSettings settings = agent.settings();
        @Nullable String chosenModel = model == null ? settings.model() : model;
        Map<String, String> env = new HashMap<>(settings.type().environment(chosenModel));
        env.putAll(settings.env());
        return new AgentSpec(
                settings.type().id(),
                settings.command(),
                env,
                chosenModel,
                mode == null ? settings.mode() : mode,
                settings.systemPrompt(),
                permissions == null ? settings.permissions() : permissions,
                settings.mcpServers());
    }

    /** Forgets the agents of a project that is deleted. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void deleteAll(String projectId) {
        agents.deleteAll(projectId);
    }

    private Agent defaultOf(String projectId) {
        return agents.findDefault(projectId).orElseGet(() -> {
            agents.lockProject(projectId);
            return agents.findDefault(projectId).orElseGet(() -> create(projectId, FIRST.settings()));
        });
    }
}
