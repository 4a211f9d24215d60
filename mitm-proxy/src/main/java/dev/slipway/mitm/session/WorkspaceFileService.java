package dev.slipway.mitm.session;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.mitm.config.MalformedConfig;
import dev.slipway.mitm.config.WorkspaceFile;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The proxy file that a workspace brings along: it narrows a session, or widens it where an admin approved that very text. */
@Singleton
class WorkspaceFileService {
    private final SessionRepository sessions;
    private final SessionService service;

    WorkspaceFileService(SessionRepository sessions, SessionService service) {
        this.sessions = sessions;
        this.service = service;
    }

    /**
     * Takes a session's file, or with null takes it away; in force from the next request on.
     *
     * @throws ProblemException 422 with the place if the file makes no sense (then the old one stays), 404 for an unknown session
     */
    @Transactional
    Optional<WorkspaceFileView> put(String sessionId, @Nullable String text) {
        SessionRow session =
                sessions.findBySessionId(sessionId).orElseThrow(() -> ProblemException.notFound("session"));
        if (text != null) {
            try {
                WorkspaceFile.parse(text);
            } catch (MalformedConfig malformed) {
                throw ProblemException.unprocessable("text", String.valueOf(malformed.getMessage()));
            }
        }
        sessions.setWorkspaceFile(sessionId, text);
        service.openDoor(session.with(text));
        return view(session.with(text));
    }

    /** A session's file; 404 if there is none. */
    @Transactional(readOnly = true)
    WorkspaceFileView show(String projectId, String sessionId) {
        return view(service.find(projectId, sessionId)).orElseThrow(() -> ProblemException.notFound("proxy file"));
    }

    /** Approves exactly the text with this digest for the session's workspace; 409 if the session has another one. */
    @Transactional
    WorkspaceFileView approve(String projectId, String sessionId, String sha256, String userId) {
        SessionRow session = service.find(projectId, sessionId);
        WorkspaceFileView present = view(session).orElseThrow(() -> ProblemException.notFound("proxy file"));
        if (!present.sha256().equals(sha256)) {
            throw ProblemException.conflict(
                    "proxy-file-changed",
                    "The session's proxy file is another one by now. Read it again, then approve.");
        }
        sessions.approve(projectId, session.workspaceId(), sha256, userId);
        service.openDoorsOf(projectId);
        return show(projectId, sessionId);
    }

    /** Takes the approval of the session's present text back. */
    @Transactional
    void disapprove(String projectId, String sessionId) {
        SessionRow session = service.find(projectId, sessionId);
        view(session).ifPresent(file -> sessions.disapprove(projectId, session.workspaceId(), file.sha256()));
        service.openDoorsOf(projectId);
    }

    private Optional<WorkspaceFileView> view(SessionRow session) {
        return session.file()
                .map(file -> new WorkspaceFileView(
                        file.sha256(),
                        sessions.countApprovals(session.projectId(), session.workspaceId(), file.sha256()) > 0,
                        file.allowlist().orElse(null),
                        file.headers(),
                        file.ignored()));
    }
}
