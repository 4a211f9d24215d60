package dev.slipway.gateway.project;

import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.identity.Role;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Who may do what in which project. Each answer comes from the database, so a role that was taken away counts at once. */
@Singleton
public class Memberships {
    private final Database database;

    Memberships(Database database) {
        this.database = database;
    }

    /** The user's role; empty for a stranger and, by the same single question, for a project that does not exist. */
    public Optional<Role> role(String projectId, String userId) {
        return database.first("""
                SELECT m.role FROM member m JOIN project p ON p.id = m.project_id
                WHERE m.project_id = ? AND m.account_id = ? AND p.deleted_at IS NULL
                """, row -> Role.of(row.getString(1)), projectId, userId);
    }

    /** The project that paths without one mean: the one that the user has been a member of for the longest. */
    public Optional<String> defaultProject(String userId) {
        return database.first("""
                SELECT m.project_id FROM member m JOIN project p ON p.id = m.project_id
                WHERE m.account_id = ? AND p.deleted_at IS NULL
                ORDER BY m.accepted_at, m.project_id
                LIMIT 1
                """, row -> row.getString(1), userId);
    }

    /** The project of a session, as its events told. */
    public Optional<String> projectOfSession(String sessionId) {
        return database.first(
                "SELECT project_id FROM session_project WHERE session_id = ?", row -> row.getString(1), sessionId);
    }
}
