package dev.slipway.gateway.admin;

import dev.slipway.gateway.sql.Database;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;

/** Counts what there is. */
@Singleton
class Installation {
    private final Database database;

    Installation(Database database) {
        this.database = database;
    }

    /** How many of each; {@code loginSessions} and {@code apiTokens} that are still good, {@code sessions} of agents. */
    @Serdeable
    record Stats(
            long users,
            long administrators,
            long disabledUsers,
            long projects,
            long sessions,
            long loginSessions,
            long apiTokens) {}

    @Transactional
    Stats stats() {
        return database.first(
                        """
                        SELECT (SELECT count(*) FROM account) AS users,
                               (SELECT count(*) FROM account WHERE system_admin) AS administrators,
                               (SELECT count(*) FROM account WHERE disabled_at IS NOT NULL) AS disabled,
                               (SELECT count(*) FROM project WHERE deleted_at IS NULL) AS projects,
                               (SELECT count(*) FROM session_project) AS sessions,
                               (SELECT count(*) FROM login_session WHERE expires_at > now()) AS logins,
                               (SELECT count(*) FROM api_token WHERE expires_at IS NULL OR expires_at > now()) AS tokens
                        """,
                        row -> new Stats(
                                row.getLong("users"),
                                row.getLong("administrators"),
                                row.getLong("disabled"),
                                row.getLong("projects"),
                                row.getLong("sessions"),
                                row.getLong("logins"),
                                row.getLong("tokens")))
                .orElseThrow();
    }
}
