package dev.slipway.session.permission;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.contracts.session.SessionEvent.PermissionRequested;
import dev.slipway.contracts.session.SessionEvent.PermissionResolved;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionService;
import dev.slipway.session.transcript.Tree;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps what agents ask and passes on what members answer. The first answer counts. */
@Singleton
public class PermissionService {
    private final PermissionRepository permissions;
    private final SessionService sessions;
    private final Outbox outbox;
    private final JobQueue jobs;

    PermissionService(PermissionRepository permissions, SessionService sessions, Outbox outbox, JobQueue jobs) {
        this.permissions = permissions;
        this.sessions = sessions;
        this.outbox = outbox;
        this.jobs = jobs;
    }

    /** Takes in what a journal entry says of requests; other entries say nothing of them. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void heard(Session session, JournalEntry entry) {
        String id = String.valueOf(entry.data().get("requestId"));
        if (entry.kind().equals("acp.request")) {
            asked(session, id, entry.turn(), Tree.object(entry.data(), "params"));
        } else if (entry.kind().equals("acp.request.resolved")) {
            resolved(session, id, entry);
        }
    }

    private void asked(Session session, String id, @Nullable String turnId, Map<String, Object> params) {
        String title = Objects.requireNonNullElse(
                Tree.text(Tree.object(params, "toolCall"), "title"), "The agent asks for permission.");
        if (permissions.insert(session.id(), id, turnId, title, params)) {
            outbox.append(session.projectId(), session.id(), new PermissionRequested(session.id(), id, title));
        }
    }

    private void resolved(Session session, String id, JournalEntry entry) {
        String option = Tree.text(entry.data(), "optionId");
        String by = Objects.requireNonNullElse(Tree.text(entry.data(), "by"), "agent");
        if (permissions.saveResolved(session.id(), id, option, by)) {
            String answeredBy = permissions
                    .find(session.id(), id)
                    .map(PermissionRequest::answeredBy)
                    .orElse(by);
            outbox.append(
                    session.projectId(), session.id(), new PermissionResolved(session.id(), id, option, answeredBy));
        }
    }

    @Transactional
    List<PermissionRequest> pending(String projectId, String sessionId, @Nullable String afterId, int limit) {
        return permissions.findPending(sessions.get(projectId, sessionId).id(), afterId, limit);
    }

    /** Answers a request; the agent gets it as soon as it can be reached. */
    @Transactional
    void answer(Caller caller, String projectId, String sessionId, String id, @Nullable String optionId) {
        Session session = sessions.get(projectId, sessionId);
        PermissionRequest request =
                permissions.find(session.id(), id).orElseThrow(() -> ProblemException.notFound("request"));
        List<Object> offered = Tree.objects(request.params(), "options").stream()
                .map(option -> option.get("optionId"))
                .toList();
        if (optionId != null && !offered.contains(optionId)) {
            throw ProblemException.unprocessable("optionId", optionId + " (expected: one of " + offered + ")");
        }
        if (!permissions.saveAnswer(sessionId, id, optionId, caller.userId())) {
            throw ProblemException.conflict(
                    "already-answered", "This request was answered already, or its turn is over.");
        }
        jobs.add(AnswerCourier.KIND, sessionId + "/" + id, projectId);
    }
}
