package dev.slipway.session.agent;

import dev.slipway.contracts.session.McpServer;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.core.type.Argument;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of agents. */
@Singleton
class AgentRepository {
    private final Sql sql;
    private final Json json;

    AgentRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** Lets one transaction at a time change a project's agents, so that there is always one default. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lockProject(String projectId) {
        sql.first("SELECT pg_advisory_xact_lock(hashtextextended(?, 1))", row -> true, projectId);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(String id, String projectId, Agent.AgentSettings settings, boolean isDefault) {
        sql.update(
                """
                INSERT INTO agent (id, project_id, name, agent_type, command, env, system_prompt, mcp_servers, mode, model,
                                   permissions, is_default)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                id,
                projectId,
                settings.name(),
                settings.type().id(),
                json.write(settings.command()),
                json.write(settings.env()),
                settings.systemPrompt(),
                json.write(settings.mcpServers()),
                settings.mode(),
                settings.model(),
                settings.permissions(),
                isDefault);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void update(String id, Agent.AgentSettings settings) {
        sql.update(
                """
                UPDATE agent
                SET name = ?, agent_type = ?, command = ?, env = ?, system_prompt = ?, mcp_servers = ?, mode = ?, model = ?,
                    permissions = ?, version = version + 1, updated_at = now()
                WHERE id = ?
                """,
                settings.name(),
                settings.type().id(),
                json.write(settings.command()),
                json.write(settings.env()),
                settings.systemPrompt(),
                json.write(settings.mcpServers()),
                settings.mode(),
                settings.model(),
                settings.permissions(),
                id);
    }

    @Transactional
    public Optional<Agent> find(String projectId, String id) {
        return sql.first("SELECT * FROM agent WHERE project_id = ? AND id = ?", this::read, projectId, id);
    }

    @Transactional
    public Optional<Agent> findDefault(String projectId) {
        return sql.first("SELECT * FROM agent WHERE project_id = ? AND is_default", this::read, projectId);
    }

    /** The agent that becomes the default when the default is deleted. */
    @Transactional
    public Optional<Agent> findOldest(String projectId) {
        return sql.first(
                "SELECT * FROM agent WHERE project_id = ? ORDER BY created_at, id LIMIT 1", this::read, projectId);
    }

    /** The agent that is meant when only a type is named: the default first, then the oldest. */
    @Transactional
    public Optional<Agent> findOldestOf(String projectId, String type) {
        return sql.first(
                "SELECT * FROM agent WHERE project_id = ? AND agent_type = ? ORDER BY is_default DESC, created_at, id LIMIT 1",
                this::read,
                projectId,
                type);
    }

    /** A page in the order of ids, which is the order of making. */
    @Transactional
    public List<Agent> list(String projectId, @Nullable String afterId, int limit) {
        return sql.list(
                "SELECT * FROM agent WHERE project_id = ? AND (?::text IS NULL OR id > ?) ORDER BY id LIMIT ?",
                this::read,
                projectId,
                afterId,
                afterId,
                limit);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void makeDefault(String projectId, String id) {
        sql.update(
                "UPDATE agent SET is_default = false, version = version + 1, updated_at = now()"
                        + " WHERE project_id = ? AND is_default AND id <> ?",
                projectId,
                id);
        sql.update(
                "UPDATE agent SET is_default = true, version = version + 1, updated_at = now() WHERE id = ? AND NOT is_default",
                id);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void delete(String id) {
        sql.update("DELETE FROM agent WHERE id = ?", id);
        sql.update(
                "UPDATE session SET agent_id = NULL, version = version + 1, updated_at = now() WHERE agent_id = ?", id);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void deleteAll(String projectId) {
        sql.update("DELETE FROM agent WHERE project_id = ?", projectId);
    }

    private Agent read(ResultSet row) throws SQLException {
        return new Agent(
                row.getString("id"),
                row.getString("project_id"),
                new Agent.AgentSettings(
                        row.getString("name"),
                        AgentType.of(row.getString("agent_type")),
                        json.read(row.getString("command"), Argument.listOf(String.class)),
                        json.read(row.getString("env"), Argument.mapOf(String.class, String.class)),
                        row.getString("system_prompt"),
                        json.read(row.getString("mcp_servers"), Argument.listOf(McpServer.class)),
                        row.getString("mode"),
                        row.getString("model"),
                        row.getString("permissions")),
                row.getBoolean("is_default"),
                row.getLong("version"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "updated_at"));
    }
}
