package dev.slipway.mitm.session;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.contracts.mitm.EgressSession;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.authority.Authorities;
import dev.slipway.mitm.config.AllowList;
import dev.slipway.mitm.config.ConfigStore;
import dev.slipway.mitm.config.WorkspaceFile;
import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.inject.RuleSubject;
import dev.slipway.mitm.policy.EgressPolicy;
import dev.slipway.mitm.policy.HostPattern;
import dev.slipway.mitm.policy.StarterGroups;
import dev.slipway.mitm.settings.EgressSettings;
import dev.slipway.mitm.usage.Budgets;
import dev.slipway.mitm.wire.Door;
import dev.slipway.mitm.wire.Terms;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps the sessions in the database and their doors in step. The database decides; doors follow it. */
@Singleton
public class SessionService {
    private static final int ALLOW_MAX = 500;
    private static final RuleSet NO_HEADERS = RuleSet.of(new InjectionRules(0, List.of()));

    private final SessionRepository sessions;
    private final Doors doors;
    private final RuleBook rules;
    private final Authorities authorities;
    private final EgressSettings settings;
    private final TcpDoor tcp;
    private final Budgets budgets;
    private final ConfigStore config;

    SessionService(
            SessionRepository sessions,
            Doors doors,
            RuleBook rules,
            Authorities authorities,
            EgressSettings settings,
            TcpDoor tcp,
            Budgets budgets,
            ConfigStore config) {
        this.sessions = sessions;
        this.doors = doors;
        this.rules = rules;
        this.authorities = authorities;
        this.settings = settings;
        this.tcp = tcp;
        this.budgets = budgets;
        this.config = config;
        config.onChange(() -> doors.projects().forEach(this::openDoorsOf));
    }

    /**
     * Opens a session's door, or keeps it and applies what changed. An older generation than the stored one changes nothing.
     *
     * @throws ProblemException 422 if a host pattern is none, 409 if the session belongs to another project
     */
    @Transactional
    public EgressDoor open(String sessionId, EgressSession wanted) {
        check(wanted);
        SessionRow row = SessionRow.of(sessionId, wanted);
        sessions.upsert(
                row.sessionId(),
                row.projectId(),
                row.workspaceId(),
                row.userId(),
                row.agentType(),
                row.generation(),
                row.allow(),
                row.credentialId());
        SessionRow stored = sessions.findBySessionId(sessionId).orElse(row);
        if (!stored.projectId().equals(wanted.projectId())) {
            throw ProblemException.conflict("session-elsewhere", "The session belongs to another project.");
        }
        Path socket = openDoor(stored);
        return tcp.address()
                .map(address -> new EgressDoor(
                        socket.toString(),
                        authorities.trustedPem(),
                        address,
                        tcp.tokenOf(sessionId, stored.projectId())))
                .orElseGet(() -> new EgressDoor(socket.toString(), authorities.trustedPem()));
    }

    /** Closes a session's door; nothing happens if there is none. */
    @Transactional
    public void close(String sessionId) {
        sessions.remove(sessionId);
        doors.close(sessionId);
    }

    /**
     * Lets a session reach one more host, from its next request on.
     *
     * @throws ProblemException 404 if the project has no such session, 422 if it is no host
     */
    @Transactional
    public void allow(String projectId, String sessionId, String host, String userId) {
        SessionRow session = find(projectId, sessionId);
        pattern("host", host);
        sessions.allow(sessionId, projectId, host.strip(), userId);
        openDoor(session);
    }

    /**
     * Takes back what a user allowed, from the session's next request on; nothing happens if nobody allowed it.
     *
     * @throws ProblemException 404 if the project has no such session
     */
    @Transactional
    public void disallow(String projectId, String sessionId, String host) {
        SessionRow session = find(projectId, sessionId);
        sessions.disallow(sessionId, projectId, host.strip());
        openDoor(session);
    }

    /** What users allowed the session after {@code after}, in the order of the hosts; 404 if there is no such session. */
    @Transactional(readOnly = true)
    public List<AllowedHostRow> allowed(String projectId, String sessionId, String after, int limit) {
        find(projectId, sessionId);
        return sessions.findAllowedPage(sessionId, projectId, after, limit);
    }

    SessionRow find(String projectId, String sessionId) {
        return sessions.findBySessionId(sessionId)
                .filter(row -> row.projectId().equals(projectId))
                .orElseThrow(() -> ProblemException.notFound("session"));
    }

    /** Opens the door of a stored session. */
    Path openDoor(SessionRow session) {
        Path socket = doors.open(new Door(session.sessionId(), session.projectId(), termsOf(session)));
        if (rules.known(session.projectId()).isEmpty()) {
            // Asked for now so that the first request need not wait; a failure shows there, where it can be told to
            // someone.
            rules.refresh(session.projectId()).exceptionally(_ -> null);
        }
        return socket;
    }

    /** Applies what holds now to every open door of a project. */
    void openDoorsOf(String projectId) {
        sessions.findOfProject(projectId).stream()
                .filter(session -> doors.find(session.sessionId()).isPresent())
                .forEach(this::openDoor);
    }

    private Terms termsOf(SessionRow session) {
        Optional<WorkspaceFile> file = session.file();
        boolean approved = file.isPresent()
                && sessions.countApprovals(
                                session.projectId(),
                                session.workspaceId(),
                                file.get().sha256())
                        > 0;
        return new Terms(
                policyOf(session, file, approved),
                new RuleSubject(session.userId(), session.workspaceId(), session.agentType(), session.credentialId()),
                approved ? file.get().headerRules() : NO_HEADERS,
                budgets.purseOf(session.projectId(), session.sessionId()));
    }

    private EgressPolicy policyOf(SessionRow session, Optional<WorkspaceFile> file, boolean approved) {
        Optional<List<HostPattern>> named = file.flatMap(WorkspaceFile::narrowing);
        Stream<EgressPolicy.Rule> user =
                rules("user", sessions.findAllowedHosts(session.sessionId(), session.projectId()));
        Stream<EgressPolicy.Rule> approvedHosts = approved
                ? named.orElse(List.of()).stream().map(pattern -> new EgressPolicy.Rule("workspace-file", pattern))
                : Stream.of();
        AllowList operator = config.config().allowlist();
        return new EgressPolicy(
                Stream.of(
                                rules("operator", settings.allowed()),
                                (operator.enabled() ? operator.patterns() : List.<HostPattern>of())
                                        .stream().map(pattern -> new EgressPolicy.Rule("operator", pattern)),
                                rules("session", session.allowed()),
                                user,
                                approvedHosts,
                                StarterGroups.of(session.agentType()))
                        .flatMap(found -> found)
                        .toList(),
                approved ? Optional.empty() : named);
    }

    private static Stream<EgressPolicy.Rule> rules(String name, List<String> patterns) {
        return patterns.stream().map(text -> new EgressPolicy.Rule(name, HostPattern.parse(text)));
    }

    private static void check(EgressSession wanted) {
        if (wanted.allow().size() > ALLOW_MAX) {
            throw ProblemException.unprocessable("allow", wanted.allow().size() + " patterns (expected: at most 500)");
        }
        wanted.allow().forEach(text -> pattern("allow", text));
    }

    private static void pattern(String field, String text) {
        try {
            HostPattern.parse(text);
        } catch (MalformedHost malformed) {
            throw ProblemException.unprocessable(field, String.valueOf(malformed.getMessage()));
        }
    }
}
