package dev.slipway.gateway.project;

import dev.slipway.contracts.session.SessionEvent.SessionRemoved;
import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** Forgets a session that is gone. */
@Singleton
class SessionRemovedHandler implements EventHandler<SessionRemoved> {
    private final Database database;

    SessionRemovedHandler(Database database) {
        this.database = database;
    }

    @Override
    public Class<SessionRemoved> eventType() {
        return SessionRemoved.class;
    }

    @Override
    public void handle(EventEnvelope envelope, SessionRemoved event) {
        database.change(
                "DELETE FROM session_project WHERE session_id = ? AND project_id = ?",
                event.sessionId(),
                envelope.projectId());
    }
}
