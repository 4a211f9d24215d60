package dev.slipway.mitm.usage;

import dev.slipway.contracts.mitm.EgressEvent.BudgetSpent;
import dev.slipway.contracts.mitm.EgressEvent.UsageMetered;
import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.contracts.mitm.Usage;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.mitm.meter.Ledger;
import dev.slipway.mitm.meter.PriceTable;
import dev.slipway.mitm.meter.Purse;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;

/** Takes usage from egress records: adds it up and tells the others of it. */
@Singleton
public class UsageLog {
    /** The rule that a record of a call has that found its budget spent. */
    public static final String SPENT = "egress-budget-spent";

    private final UsageRepository usage;
    private final Budgets budgets;
    private final Outbox outbox;

    UsageLog(UsageRepository usage, Budgets budgets, Outbox outbox) {
        this.usage = usage;
        this.budgets = budgets;
        this.outbox = outbox;
    }

    /** Stores the records' usage and the events about it, in the transaction of the caller. */
    @Transactional
    public void store(List<EgressRecord> records) {
        for (EgressRecord record : records) {
            Usage used = record.usage();
            if (used != null) {
                usage.add(record, used);
                outbox.append(
                        record.projectId(),
                        record.sessionId(),
                        new UsageMetered(record.id(), record.sessionId(), used));
            } else if (SPENT.equals(record.rule()) && usage.firstOfItsHour(record)) {
                tell(record);
            }
        }
    }

    /** To be called once the records are committed: what was spent counts from the database on. */
    public void stored(List<EgressRecord> records) {
        for (EgressRecord record : records) {
            Usage used = record.usage();
            Double cost = used == null ? null : used.costUsd();
            if (cost != null) {
                budgets.stored(record.projectId(), record.sessionId(), cost);
            }
        }
    }

    private void tell(EgressRecord refused) {
        Purse purse = budgets.purseOf(refused.projectId(), refused.sessionId());
        Ledger.Standing session = purse.session().standing();
        Long sessionLimit = session.limit();
        boolean own = sessionLimit != null && session.spent() >= sessionLimit;
        Ledger.Standing standing = own ? session : purse.project().standing();
        Long limit = standing.limit();
        outbox.append(
                refused.projectId(),
                refused.sessionId(),
                new BudgetSpent(
                        refused.sessionId(),
                        own ? "session" : "project",
                        limit == null ? 0 : limit / PriceTable.MICROS,
                        standing.spent() / PriceTable.MICROS));
    }
}
