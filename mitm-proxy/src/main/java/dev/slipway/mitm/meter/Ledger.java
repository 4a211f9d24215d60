package dev.slipway.mitm.meter;

import org.jspecify.annotations.Nullable;

/**
 * Money that one session or one project has spent on models, in millionths of a US dollar. A call first reserves what it may cost, so
 * that many at once cannot each find the same dollar unspent, and settles when its cost is known. Safe for all threads.
 */
public final class Ledger {
    /** What a call is taken to cost before enough of them were seen: a quarter of a dollar. */
    public static final long RESERVED_AT_FIRST = 250_000;

    private static final long RESERVED_AT_LEAST = 10_000;
    private static final int CALLS_THAT_TEACH = 5;

    /** What came of asking for room. */
    public enum Room {
        /** Reserved. */
        GIVEN,
        /** Other calls under way hold what is left. */
        HELD,
        /** Nothing is left. */
        SPENT
    }

    /**
     * How the ledger stands.
     *
     * @param limit null if there is none
     */
    public record Standing(@Nullable Long limit, long spent) {}

    private @Nullable Long limit;
    private long stored;
    private long unstored;
    private long reserved;
    private long dearest;
    private long calls;

    /** Takes over what the database says: the limit, and what was spent within the limit's time. */
    public synchronized void load(@Nullable Long limitMicros, long storedMicros) {
        limit = limitMicros;
        stored = storedMicros;
    }

    /** What the next call is to reserve. */
    synchronized long expected() {
        return calls < CALLS_THAT_TEACH ? RESERVED_AT_FIRST : Math.max(RESERVED_AT_LEAST, dearest + dearest / 2);
    }

    /** Reserves this much, or says why not. The last call may cost more than is left; no second one begins beside it. */
    synchronized Room reserve(long micros) {
        if (limit != null) {
            long left = limit - stored - unstored;
            if (left <= 0) {
                return Room.SPENT;
            }
            if (reserved > 0 && reserved + micros > left) {
                return Room.HELD;
            }
        }
        reserved += micros;
        return Room.GIVEN;
    }

    /** Gives a reservation back and notes what the call did cost. */
    synchronized void settle(long reservedMicros, long costMicros) {
        reserved -= reservedMicros;
        unstored += costMicros;
        if (costMicros > 0) {
            calls++;
            dearest = Math.max(dearest, costMicros);
        }
    }

    /** A settled cost is in the database now. */
    public synchronized void stored(long costMicros) {
        unstored -= costMicros;
        stored += costMicros;
    }

    /** How the ledger stands now. */
    public synchronized Standing standing() {
        return new Standing(limit, stored + unstored);
    }
}
