package dev.slipway.mitm.usage;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.meter.Ledger;
import dev.slipway.mitm.meter.PriceTable;
import dev.slipway.mitm.meter.Purse;
import dev.slipway.mitm.wire.Door;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledgers of the sessions and projects that have a door here. Within one proxy a budget holds exactly; what other replicas spend is
 * known here within {@code REFRESH}.
 */
@Singleton
public class Budgets {
    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);
    private static final String REFRESH = "5s";

    private record SessionKey(String projectId, String sessionId) {}

    private final BudgetRepository budgets;
    private final Doors doors;
    private final Clock clock;
    private final Map<String, Ledger> projects = new ConcurrentHashMap<>();
    private final Map<SessionKey, Ledger> sessions = new ConcurrentHashMap<>();

    Budgets(BudgetRepository budgets, Doors doors, Clock clock) {
        this.budgets = budgets;
        this.doors = doors;
        this.clock = clock;
    }

    /** A session's purse; the same ledgers for as long as the session has a door. */
    public Purse purseOf(String projectId, String sessionId) {
        return new Purse(
                sessions.computeIfAbsent(new SessionKey(projectId, sessionId), this::loaded),
                projects.computeIfAbsent(projectId, this::loaded));
    }

    /** A cost that the ledgers know of is in the database now. */
    void stored(String projectId, String sessionId, double costUsd) {
        long micros = Math.round(costUsd * PriceTable.MICROS);
        Ledger session = sessions.get(new SessionKey(projectId, sessionId));
        Ledger project = projects.get(projectId);
        if (session != null) {
            session.stored(micros);
        }
        if (project != null) {
            project.stored(micros);
        }
    }

    /** How a session stands; 404 if the project has no such session. */
    BudgetView view(String projectId, String sessionId) {
        known(projectId, sessionId);
        Purse purse = purseOf(projectId, sessionId);
        Ledger.Standing session = purse.session().standing();
        Ledger.Standing project = purse.project().standing();
        return new BudgetView(
                dollars(session.limit()),
                session.spent() / PriceTable.MICROS,
                dollars(project.limit()),
                project.spent() / PriceTable.MICROS);
    }

    /** Sets or, with null, removes a session's budget; 404 if the project has no such session. */
    @Transactional
    BudgetView setSession(String projectId, String sessionId, @Nullable Double budgetUsd) {
        known(projectId, sessionId);
        if (budgetUsd == null) {
            budgets.removeSession(sessionId, projectId);
        } else {
            budgets.setSession(sessionId, projectId, BigDecimal.valueOf(budgetUsd));
        }
        load(new SessionKey(projectId, sessionId), purseOf(projectId, sessionId).session());
        return view(projectId, sessionId);
    }

    /** Sets or, with null, removes a project's budget for a month. */
    @Transactional
    void setProject(String projectId, @Nullable Double budgetUsd) {
        if (budgetUsd == null) {
            budgets.removeProject(projectId);
        } else {
            budgets.setProject(projectId, BigDecimal.valueOf(budgetUsd));
        }
        Ledger ledger = projects.get(projectId);
        if (ledger != null) {
            load(projectId, ledger);
        }
    }

    /** What other replicas spent, new months and new limits; and forgets what has no door here any more. */
    @Scheduled(fixedDelay = REFRESH, initialDelay = REFRESH)
    void refresh() {
        Set<String> present = doors.projects();
        projects.keySet().retainAll(present);
        sessions.keySet()
                .retainAll(present.stream()
                        .flatMap(project -> doors.ofProject(project).stream())
                        .map(door -> new SessionKey(door.projectId(), door.sessionId()))
                        .collect(Collectors.toSet()));
        try {
            projects.forEach((project, ledger) -> load(project, ledger));
            sessions.forEach((session, ledger) -> load(session, ledger));
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("budgets cannot be read; the known ones hold");
        }
    }

    private void known(String projectId, String sessionId) {
        if (doors.find(sessionId).map(Door::projectId).filter(projectId::equals).isEmpty()) {
            throw ProblemException.notFound("session");
        }
    }

    private Ledger loaded(String projectId) {
        Ledger ledger = new Ledger();
        load(projectId, ledger);
        return ledger;
    }

    private Ledger loaded(SessionKey session) {
        Ledger ledger = new Ledger();
        load(session, ledger);
        return ledger;
    }

    private void load(String projectId, Ledger ledger) {
        LocalDate month = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        ledger.load(
                budgets.findProject(projectId).map(Budgets::micros).orElse(null),
                micros(budgets.sumOfProject(projectId, month)));
    }

    private void load(SessionKey session, Ledger ledger) {
        ledger.load(
                budgets.findSession(session.sessionId, session.projectId)
                        .map(Budgets::micros)
                        .orElse(null),
                micros(budgets.sumOfSession(session.sessionId, session.projectId)));
    }

    private static long micros(BigDecimal usd) {
        return usd.movePointRight(6).longValue();
    }

    private static @Nullable Double dollars(@Nullable Long micros) {
        return micros == null ? null : micros / PriceTable.MICROS;
    }
}
