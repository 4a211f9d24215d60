package dev.slipway.gateway.project;

import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** Remembers which project a session belongs to. */
@Singleton
class SessionRequestedHandler implements EventHandler<SessionRequested> {
    private final Database database;

    SessionRequestedHandler(Database database) {
        this.database = database;
    }

    @Override
    public Class<SessionRequested> eventType() {
        return SessionRequested.class;
    }

    @Override
    public void handle(EventEnvelope envelope, SessionRequested event) {
        database.change(
                "INSERT INTO session_project (session_id, project_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                event.sessionId(),
                envelope.projectId());
    }
}
