package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.agent.AgentService;
import dev.slipway.session.agent.Etag;
import dev.slipway.session.message.MessageRepository;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The use cases of sessions. Each changes the session, its wishes and its turns in one transaction with the events. */
@Singleton
public class SessionService {
    private static final Duration ASK_WORKSPACE = Duration.ofSeconds(10);
    private static final String STARTING = "Waiting for the sandbox.";

    private final SessionRepository sessions;
    private final Transitions transitions;
    private final SandboxWishes wishes;
    private final OpenTurns turns;
    private final AgentService agents;
    private final ProjectBounds bounds;
    private final MessageRepository messages;
    private final SandboxRoom room;
    private final InternalClient http;

    SessionService(
            SessionRepository sessions,
            Transitions transitions,
            SandboxWishes wishes,
            OpenTurns turns,
            AgentService agents,
            ProjectBounds bounds,
            MessageRepository messages,
            SandboxRoom room,
            InternalClient http) {
        this.sessions = sessions;
        this.transitions = transitions;
        this.wishes = wishes;
        this.turns = turns;
        this.agents = agents;
        this.bounds = bounds;
        this.messages = messages;
        this.room = room;
        this.http = http;
    }

    /**
     * Makes a session, or gives the one that the same request made before.
     *
     * @throws ProblemException 400 if the workspace is not the caller's, 409 if the id belongs to something else
     */
    public Session create(Caller caller, String projectId, NewSession wanted) {
        String id = wanted.chosenId();
        checkWorkspace(caller, projectId, wanted.workspace());
        if (sessions.find(projectId, id).isEmpty()) {
            room.require(
                    projectId,
                    wanted.workspace(),
                    id,
                    Objects.requireNonNullElse(wanted.limits(), SandboxLimits.DEFAULTS));
        }
        return store(caller, projectId, wanted, id, null);
    }

    /** Ends the request with 409 if the project's limits leave no room for the sandbox of a session that has none now. */
    public void requireRoom(String projectId, String id) {
        Session session = get(projectId, id);
        if (session.state() instanceof SessionState.Stopped || session.state() instanceof SessionState.Failed) {
            room.require(projectId, session.workspaceId(), id, session.limits());
        }
    }

    /** Ends the request with 409 if the project's limits leave no room for the sandbox of a fork that is not there yet. */
    void requireRoomForFork(String projectId, String sourceId, ForkRequest request) {
        Session source = get(projectId, sourceId);
        String id = request.id() == null ? Ids.text() : request.id();
        if (sessions.find(projectId, id).isEmpty()) {
            room.require(projectId, source.workspaceId(), id, source.limits());
        }
    }

    /**
     * Makes a session that begins where another one is: with its work, as it was checkpointed last, and its conversation.
     *
     * @throws ProblemException 404 if there is no such session, 409 if its branch was never made
     */
    @Transactional
    Session fork(Caller caller, String projectId, String sourceId, ForkRequest request) {
        Session source = get(projectId, sourceId);
        String branch = source.source().branch();
        if (branch == null) {
            throw ProblemException.conflict(
                    "illegal-transition", "This session has no branch yet. Fork it when it has been ready once.");
        }
        NewSession wanted = request.of(source, branch);
        Session fork = store(caller, projectId, wanted, wanted.chosenId(), source);
        messages.copy(source.id(), fork.id());
        return fork;
    }

    @Transactional
    Session store(Caller caller, String projectId, NewSession wanted, String id, @Nullable Session source) {
        String agent = agents.choose(projectId, wanted.agentId());
        Draft draft = wanted.draft(caller, projectId, id, agent, source == null ? null : source.id());
        if (sessions.find(projectId, id).isEmpty()) {
            bounds.checkRoomForSession(projectId, wanted.workspace());
        }
        if (!sessions.insert(draft)) {
            return sessions.find(projectId, id)
                    .filter(there -> there.workspaceId().equals(wanted.workspace())
                            && !(there.state() instanceof SessionState.Removing))
                    .orElseThrow(() -> ProblemException.conflict(
                            "id-taken", "A session with this id exists already. Choose another id."));
        }
        Session session = sessions.lock(projectId, id).orElseThrow();
        wishes.branch(session);
        return transitions.enter(
                session,
                new SessionState.Preparing(Step.INITIALIZING),
                StatusDetail.of("preparing_checkout", "Making the session's branch."));
    }

    /** Ends the request with 404 if the project has no such workspace. */
    void requireWorkspace(Caller caller, String projectId, String workspaceId) {
        if (!hasWorkspace(caller, projectId, workspaceId)) {
            throw ProblemException.notFound("workspace");
        }
    }

    private void checkWorkspace(Caller caller, String projectId, String workspaceId) {
        if (!hasWorkspace(caller, projectId, workspaceId)) {
            throw ProblemException.invalid("workspaceId", "no such workspace (expected: one of this project)");
        }
    }

    private boolean hasWorkspace(Caller caller, String projectId, String workspaceId) {
        String path = "/internal/projects/" + InternalClient.segment(projectId) + "/workspaces/"
                + InternalClient.segment(workspaceId);
        try {
            http.send(caller, "workspace-service", "GET", path, null, ASK_WORKSPACE);
            return true;
        } catch (UpstreamProblemException e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    /** A session of the project; 404 if there is none. */
    @Transactional
    public Session get(String projectId, String id) {
        return sessions.find(projectId, id).orElseThrow(() -> ProblemException.notFound("session"));
    }

    /** Renames; null leaves the name, and the display name is set to what is given, null included, if {@code rename}. */
    @Transactional
    Session rename(
            String projectId,
            String id,
            @Nullable String name,
            boolean rename,
            @Nullable String displayName,
            @Nullable String ifMatch) {
        Session session = locked(projectId, id);
        Etag.check(ifMatch, session.version());
        sessions.saveNames(
                id, Objects.requireNonNullElse(name, session.name()), rename ? displayName : session.displayName());
        Session renamed = locked(projectId, id);
        transitions.announce(renamed, renamed.state(), renamed.detail());
        return renamed;
    }

    /** Stops the sandbox; a turn in the middle is aborted. Stopping what is stopped changes nothing. */
    @Transactional
    Session stop(String projectId, String id) {
        Session session = locked(projectId, id);
        return switch (session.state()) {
            case SessionState.Stoppable stoppable -> {
                turns.abortAll(session);
                if (session.generation() > 0) {
                    wishes.stopped(session);
                }
                yield transitions.enter(session, stoppable.stopped());
            }
            case SessionState.Stopped _ -> session;
            case SessionState.Failed _, SessionState.Removing _, SessionState.Removed _ ->
                throw illegal(session, "stopped");
        };
    }

    /** Brings a stopped or failed session back; one that runs or is on its way is left alone. */
    @Transactional
    public Session resume(String projectId, String id) {
        Session session = locked(projectId, id);
        return switch (session.state()) {
            case SessionState.Stopped stopped -> wake(session, stopped);
            case SessionState.Failed failed -> wake(session, failed);
            case SessionState.Preparing _, SessionState.Ready _, SessionState.Running _ -> session;
            case SessionState.Removing _, SessionState.Removed _ -> throw illegal(session, "resumed");
        };
    }

    /** Replaces the container; files and conversation stay, a turn in the middle is aborted. */
    @Transactional
    Session restart(String projectId, String id) {
        Session session = locked(projectId, id);
        return switch (session.state()) {
            case SessionState.Wakeable wakeable -> {
                turns.abortAll(session);
                yield wake(session, wakeable);
            }
            case SessionState.Running running -> {
                turns.abortAll(session);
                yield wake(session, running.turnEnded());
            }
            case SessionState.Preparing _ -> session;
            case SessionState.Removing _, SessionState.Removed _ -> throw illegal(session, "restarted");
        };
    }

    /** Replaces the container by one of the newest image; files and conversation stay. */
    @Transactional
    Session upgrade(String projectId, String id) {
        Session session = locked(projectId, id);
        if (session.state() instanceof SessionState.Preparing) {
            throw illegal(session, "upgraded");
        }
        sessions.saveNewestImage(id, null);
        return restart(projectId, id);
    }

    /** As {@link #upgrade}, if no turn runs or waits to be taken; whether it was done. */
    @Transactional
    public boolean upgradeIfIdle(String projectId, String id) {
        Session session = locked(projectId, id);
        if (!(session.state() instanceof SessionState.Ready) || turns.any(session)) {
            return false;
        }
        upgrade(projectId, id);
        return true;
    }

    /** Begins the removal, from whatever state. It goes on by itself; what never had a sandbox is gone at once. */
    @Transactional
    public void remove(String projectId, String id, @Nullable String ifMatch) {
        Session session = locked(projectId, id);
        Etag.check(ifMatch, session.version());
        if (session.state() instanceof SessionState.Removing) {
            return;
        }
        turns.abortAll(session);
        Session removing = transitions.enter(session, session.state().removing());
        if (session.generation() == 0 && removing.state() instanceof SessionState.Removing state) {
            transitions.enter(removing, state.removed());
        } else {
            wishes.removed(removing);
        }
    }

    /** Asks for a sandbox again, or for the branch if that was never made. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Session wake(Session session, SessionState.Wakeable state) {
        boolean branchExists = session.source().branch() != null;
        Session waking =
                transitions.enter(session, state.wakened(branchExists), StatusDetail.of("requested", STARTING));
        if (branchExists) {
            wishes.running(waking);
        } else {
            wishes.branch(waking);
        }
        return sessions.lock(session.id()).orElseThrow();
    }

    private Session locked(String projectId, String id) {
        return sessions.lock(projectId, id).orElseThrow(() -> ProblemException.notFound("session"));
    }

    private static ProblemException illegal(Session session, String what) {
        return ProblemException.conflict(
                "illegal-transition", "A session in status " + session.state().status() + " cannot be " + what + ".");
    }
}
