package dev.slipway.credential.store;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The number of each project's rules. */
@Singleton
public class RulesVersions {
    private final JdbcOperations jdbc;

    RulesVersions(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** The present number; 0 for a project that never had a credential. */
    @Transactional
    public long current(String projectId) {
        return jdbc.prepareStatement("SELECT version FROM rules_version WHERE project_id = ?", select -> {
            select.setString(1, projectId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0L;
            }
        });
    }

    /** Raises the number. Holds the project's row to commit, so that its credentials change one after the other. */
    @Transactional(propagation = Propagation.MANDATORY)
    long raise(String projectId) {
        return jdbc.prepareStatement("""
                INSERT INTO rules_version (project_id, version) VALUES (?, 1)
                ON CONFLICT (project_id) DO UPDATE SET version = rules_version.version + 1
                RETURNING version
                """, next -> {
            next.setString(1, projectId);
            try (ResultSet row = next.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("rules_version: no row returned for " + projectId);
                }
                return row.getLong(1);
            }
        });
    }
}
