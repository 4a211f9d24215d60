package dev.slipway.session.offer;

import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** The tables of offers: what a session's agent offers now, and what a configuration of an agent offered when it last ran. */
@Singleton
class Offers {
    private final Sql sql;
    private final Json json;

    Offers(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** What a session's agent offers; empty if it never said. */
    @Transactional
    public Map<String, Object> ofSession(String sessionId) {
        return sql.first(
                        "SELECT offer FROM session_offer WHERE session_id = ?",
                        row -> json.object(row.getString(1)),
                        sessionId)
                .orElse(Map.of());
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void saveOfSession(String sessionId, Map<String, Object> offer) {
        sql.update("""
                INSERT INTO session_offer (session_id, offer) VALUES (?, ?)
                ON CONFLICT (session_id) DO UPDATE SET offer = EXCLUDED.offer, updated_at = now()
                """, sessionId, json.write(offer));
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void saveOfAgent(String projectId, String agentId, String type, Map<String, Object> offer) {
        sql.update("""
                INSERT INTO agent_offer (project_id, agent_id, agent_type, offer) VALUES (?, ?, ?, ?)
                ON CONFLICT (project_id, agent_id) DO UPDATE
                SET agent_type = EXCLUDED.agent_type, offer = EXCLUDED.offer, updated_at = now()
                """, projectId, agentId, type, json.write(offer));
    }

    /**
     * What an agent offered when it last ran. One that never ran offers what the newest of its type did: in its project, or,
     * of the types in the image, which are the same for all, in any.
     */
    @Transactional
    public Optional<Map<String, Object>> ofAgent(String projectId, String agentId, String type, boolean inImage) {
        return sql.first(
                """
                SELECT offer FROM agent_offer
                WHERE agent_type = ? AND (project_id = ? OR ?)
                ORDER BY (project_id = ? AND agent_id = ?) DESC, (project_id = ?) DESC, updated_at DESC
                LIMIT 1
                """, row -> json.object(row.getString(1)), type, projectId, inImage, projectId, agentId, projectId);
    }
}
