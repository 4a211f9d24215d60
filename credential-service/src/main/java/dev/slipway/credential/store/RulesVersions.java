package dev.slipway.credential.store;

import io.micronaut.data.connection.annotation.Connectable;
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

    /**
     * The present number, and a mark of the rows that the rules are made of: any change of any of them, by whomever, gives
     * another mark. One question, outside of a transaction, since it is asked at every lookup.
     */
    @Connectable
    public State state(String projectId) {
        return jdbc.prepareStatement("""
                SELECT coalesce((SELECT version FROM rules_version WHERE project_id = ?), 0),
                    (SELECT encode(sha256(convert_to(coalesce(string_agg(xmin::text || ctid::text, ' ' ORDER BY ctid), ''),
                        'UTF8')), 'hex') FROM credential WHERE project_id = ?)
                """, select -> {
            select.setString(1, projectId);
            select.setString(2, projectId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new State(row.getLong(1), row.getString(2));
            }
        });
    }

    /**
     * What a project's rules are at one moment.
     *
     * @param rows differs as soon as a row was written: Postgres gives it another place, or another transaction
     */
    public record State(long version, String rows) {}

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
