package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.journal.Journal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a session: one at a time, each id once, each with exactly one end.
 *
 * <p>All entries are written through here, so that an entry carries the turn it belongs to and nothing of a turn follows
 * its {@code turn.ended}.
 */
final class Turns {
    private final Journal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> known;
    private volatile @Nullable String running;

    /** @param known the ids of all turns that the journal has */
    Turns(Journal journal, Set<String> known) {
        this.journal = journal;
        this.known = new HashSet<>(known);
    }

    /** What became of the wish to start a turn. */
    enum Start {
        STARTED,
        KNOWN_ALREADY,
        ANOTHER_RUNS
    }

    /** When this returns STARTED, the turn is on disk. */
    Start start(String turnId, JsonNode prompt) {
        lock.lock();
        try {
            if (known.contains(turnId)) {
                return Start.KNOWN_ALREADY;
            }
            if (running != null) {
                return Start.ANOTHER_RUNS;
            }
            journal.appendDurably(
                    turnId,
                    "turn.started",
                    JsonNodeFactory.instance.objectNode().set("prompt", prompt));
            known.add(turnId);
            running = turnId;
            return Start.STARTED;
        } finally {
            lock.unlock();
        }
    }

    boolean isKnown(String turnId) {
        lock.lock();
        try {
            return known.contains(turnId);
        } finally {
            lock.unlock();
        }
    }

    /** Ends that turn, if it still runs; a second end changes nothing. */
    void end(String turnId, ObjectNode data) {
        lock.lock();
        try {
            if (turnId.equals(running)) {
                journal.appendDurably(turnId, "turn.ended", data);
                running = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes an entry into the turn that runs, or outside of turns. */
    void record(String kind, JsonNode data) {
        lock.lock();
        try {
            journal.append(running, kind, data);
        } finally {
            lock.unlock();
        }
    }

    Optional<String> running() {
        return Optional.ofNullable(running);
    }
}
