package dev.slipway.session.permission;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.contracts.session.SessionEvent.PermissionRequested;
import dev.slipway.contracts.session.SessionEvent.PermissionResolved;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.lifecycle.SessionSettings;
import dev.slipway.session.transcript.Tree;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what agents ask and passes on what members answer. The first answer counts. */
@Singleton
public class PermissionService {
    private static final int AT_ONCE = 200;

    private final PermissionRepository permissions;
    private final ToolPermissions tools;
    private final SessionRepository sessions;
    private final SessionSettings settings;
    private final Outbox outbox;
    private final JobQueue jobs;

    PermissionService(
            PermissionRepository permissions,
            ToolPermissions tools,
            SessionRepository sessions,
            SessionSettings settings,
            Outbox outbox,
            JobQueue jobs) {
        this.permissions = permissions;
        this.tools = tools;
        this.sessions = sessions;
        this.settings = settings;
        this.outbox = outbox;
        this.jobs = jobs;
    }

    /** Takes in what a journal entry says of requests; other entries say nothing of them. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void heard(Session session, JournalEntry entry) {
        if (entry.kind().equals("acp.request")) {
            asked(session, Requests.of(session.id(), entry, settings.requestTimeout()));
        } else if (entry.kind().equals("acp.request.resolved")) {
            resolved(session, String.valueOf(entry.data().get("requestId")), entry);
        }
    }

    private void asked(Session session, PermissionRequest request) {
        if (!permissions.insert(request)) {
            return;
        }
        Optional<String> settled = byRule(session, request);
        if (settled.isPresent()) {
            give(session, request.id(), RequestAnswer.option(settled.get()), "policy");
        } else {
            outbox.append(
                    session.projectId(),
                    session.id(),
                    new PermissionRequested(session.id(), request.id(), request.title()));
        }
    }

    private Optional<String> byRule(Session session, PermissionRequest request) {
        if (request.isQuestion()) {
            return Optional.empty();
        }
        return tools.decision(session.id(), request.tool())
                .flatMap(decision -> RequestPolicy.ofRule(decision, request.params()))
                .or(() -> RequestPolicy.of(session.permissions(), request.params()));
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
        return permissions.findPending(session(projectId, sessionId).id(), afterId, limit);
    }

    /**
     * Answers a request; the agent gets it as soon as it can be reached.
     *
     * @param always the same holds for all later uses of the tool in this session
     */
    @Transactional
    void answer(Caller caller, String projectId, String sessionId, String id, RequestAnswer answer, boolean always) {
        Session session = session(projectId, sessionId);
        PermissionRequest request =
                permissions.find(session.id(), id).orElseThrow(() -> ProblemException.notFound("request"));
        RequestAnswer checked = Requests.checked(request, answer);
        if (!give(session, id, checked, caller.userId())) {
            throw ProblemException.conflict(
                    "already-answered", "This request was answered already, or its turn is over.");
        }
        if (always && request.tool() != null && checked.optionId() != null) {
            RequestPolicy.decision(request.params(), checked.optionId()).ifPresent(decision -> {
                tools.save(sessionId, String.valueOf(request.tool()), decision, caller.userId());
                settlePending(session);
            });
        }
    }

    /** The session's policy changed: what waits for an answer that follows from it now gets it. */
    @Transactional(propagation = Propagation.MANDATORY)
    void settlePending(Session session) {
        for (PermissionRequest request : permissions.findPending(session.id(), null, AT_ONCE)) {
            byRule(session, request)
                    .ifPresent(option -> give(session, request.id(), RequestAnswer.option(option), "policy"));
        }
    }

    /** Nobody answered in time: the agent gets the default, which is to go on without. */
    @Transactional
    void expire(PermissionRequest overdue) {
        sessions.find(overdue.sessionId())
                .ifPresent(session -> give(session, overdue.id(), Requests.unanswered(overdue), "expired"));
    }

    private boolean give(Session session, String id, RequestAnswer answer, String by) {
        boolean first = permissions.saveAnswer(session.id(), id, answer, by);
        if (first) {
            jobs.add(AnswerCourier.KIND, session.id() + "/" + id, session.projectId());
        }
        return first;
    }

    /** A session of the project; 404 if there is none. */
    @Transactional
    Session session(String projectId, String sessionId) {
        return sessions.find(projectId, sessionId).orElseThrow(() -> ProblemException.notFound("session"));
    }

    /** Sets a session's policy, for what it asks now and from the next turn on. */
    @Transactional
    Session decide(String projectId, String sessionId, @Nullable String policy) {
        Session session = sessions.lock(projectId, sessionId).orElseThrow(() -> ProblemException.notFound("session"));
        sessions.savePermissions(session.id(), policy);
        Session decided = session(projectId, sessionId);
        settlePending(decided);
        return decided;
    }

    /** What holds for a session's tools. */
    @Transactional
    List<ToolPermissions.ToolPermission> toolPermissions(String sessionId) {
        return tools.list(sessionId);
    }

    /** Asks again for this tool from now on; 404 if nothing was said of it. */
    @Transactional
    void forget(String projectId, String sessionId, String tool) {
        if (!tools.delete(session(projectId, sessionId).id(), tool)) {
            throw ProblemException.notFound("tool permission");
        }
    }
}
