package dev.slipway.session.offer;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.session.agent.AgentService;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.transcript.Tree;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Takes from journal entries what the agent offers, in the transaction that stores them. */
@Singleton
public class OfferKeeper {
    private final Offers offers;
    private final AgentService agents;

    OfferKeeper(Offers offers, AgentService agents) {
        this.offers = offers;
        this.agents = agents;
    }

    /** Keeps what these entries say of the agent's offer; most say nothing of it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void heard(Session session, List<JournalEntry> entries) {
        Map<String, Object> news = new LinkedHashMap<>();
        entries.forEach(entry -> take(entry, news));
        if (news.isEmpty()) {
            return;
        }
        Map<String, Object> offer = new LinkedHashMap<>(offers.ofSession(session.id()));
        offer.putAll(news);
        offers.saveOfSession(session.id(), offer);
        agents.typeOf(session.projectId(), session.agentId())
                .ifPresent(type -> offers.saveOfAgent(
                        session.projectId(), Objects.requireNonNull(session.agentId()), type.id(), offer));
    }

    private static void take(JournalEntry entry, Map<String, Object> news) {
        Map<String, Object> data = entry.data();
        if (entry.kind().equals("agent.started")) {
            List.of("agentInfo", "modes", "models", "configOptions").forEach(name -> copy(data, name, news, name));
        } else if (entry.kind().equals("acp.update")) {
            switch (Objects.requireNonNullElse(Tree.text(data, "sessionUpdate"), "")) {
                case "available_commands_update" -> copy(data, "availableCommands", news, "commands");
                case "config_option_update" -> copy(data, "configOptions", news, "configOptions");
                case "current_mode_update" -> copy(data, "currentModeId", news, "currentModeId");
                default -> {
                    // The words of the conversation, which are no offer.
                }
            }
        }
    }

    private static void copy(Map<String, Object> data, String name, Map<String, Object> news, String as) {
        if (data.get(name) != null) {
            news.put(as, data.get(name));
        }
    }
}
