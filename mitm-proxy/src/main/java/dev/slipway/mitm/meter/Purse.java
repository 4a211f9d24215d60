package dev.slipway.mitm.meter;

import java.util.List;
import java.util.Locale;

/** What a session may spend: within its own budget and within its project's. */
public record Purse(Ledger session, Ledger project) {
    /** Room for one call, to be settled exactly once. Used by one thread. */
    public final class Reservation {
        private final long micros;
        private boolean settled;

        private Reservation(long micros) {
            this.micros = micros;
        }

        /** Notes what the call cost and gives the rest back; later calls of this change nothing. */
        public void settle(long costMicros) {
            if (!settled) {
                settled = true;
                session.settle(micros, costMicros);
                project.settle(micros, costMicros);
            }
        }
    }

    /** No room: the message says whose budget it is, and how much. */
    public static final class NoRoom extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean spent;

        private NoRoom(String message, boolean spent) {
            super(message, null, false, false);
            this.spent = spent;
        }

        /** Whether the budget is spent; else calls under way hold the rest of it, and it is worth trying again. */
        public boolean isSpent() {
            return spent;
        }
    }

    /** A purse without any limit, which nobody else sees. */
    public static Purse open() {
        return new Purse(new Ledger(), new Ledger());
    }

    /**
     * Reserves room for one call.
     *
     * @throws NoRoom if one of the two budgets is spent or held
     */
    public Reservation reserve() throws NoRoom {
        long micros = Math.max(session.expected(), project.expected());
        check("The session's budget", session, session.reserve(micros));
        Ledger.Room room = project.reserve(micros);
        if (room != Ledger.Room.GIVEN) {
            session.settle(micros, 0);
        }
        check("The project's budget for this month", project, room);
        return new Reservation(micros);
    }

    /** The two ledgers, the session's first. */
    public List<Ledger> ledgers() {
        return List.of(session, project);
    }

    private static void check(String whose, Ledger ledger, Ledger.Room room) throws NoRoom {
        if (room == Ledger.Room.GIVEN) {
            return;
        }
        Ledger.Standing standing = ledger.standing();
        Long limit = standing.limit();
        String of = limit == null ? "" : " of " + dollars(limit);
        throw room == Ledger.Room.SPENT
                ? new NoRoom(whose + of + " is spent (" + dollars(standing.spent()) + ")", true)
                : new NoRoom(
                        whose + of + " has " + dollars(limit == null ? 0 : limit - standing.spent())
                                + " left, which model calls under way may need",
                        false);
    }

    private static String dollars(long micros) {
        return String.format(Locale.ROOT, "%.2f USD", micros / PriceTable.MICROS);
    }
}
