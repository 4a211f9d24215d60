package dev.slipway.session.journal;

import dev.slipway.session.store.Json;
import dev.slipway.session.transcript.Translator;
import dev.slipway.session.transcript.WrittenEntry;
import dev.slipway.session.turn.Agents;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal of one session for as long as the session has a live sandbox and this process its lease. It connects
 * again for ever, and stores what has come as soon as the store before is done: batches grow with the load, and nothing
 * waits for a batch to fill.
 */
final class Follower implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(3);
    private static final int BATCH_MAX = 500;
    /** An entry has 16 MiB at most, and something around it. */
    private static final int LINE_CHARACTERS_MAX = 17 << 20;

    /** A backlog of such lines goes a few at a time. */
    private static final int BATCH_CHARACTERS_MAX = 1 << 20;

    private static final String ALIVE = "";

    private final String projectId;
    private final String sessionId;
    private final JournalKeeper keeper;
    private final JournalWriter writer;
    private final Agents agents;
    private final Json json;
    private final BooleanSupplier stopped;
    private long looked = System.nanoTime();

    Follower(
            String projectId,
            String sessionId,
            JournalKeeper keeper,
            JournalWriter writer,
            Agents agents,
            Json json,
            BooleanSupplier stopped) {
        this.projectId = projectId;
        this.sessionId = sessionId;
        this.keeper = keeper;
        this.writer = writer;
        this.agents = agents;
        this.json = json;
        this.stopped = stopped;
    }

    @Override
    public void run() {
        Duration backoff = BACKOFF_FIRST;
        try {
            while (!stopped.getAsBoolean()) {
                long connected = System.nanoTime();
                try {
                    if (!followOnce()) {
                        return;
                    }
                } catch (IOException | RuntimeException e) {
                    if (stopped.getAsBoolean()) {
                        return;
                    }
                    LOG.atInfo()
                            .addKeyValue("sessionId", sessionId)
                            .addKeyValue("reason", e.toString())
                            .log("journal cannot be followed, will try again");
                }
                if (System.nanoTime() - connected > BACKOFF_MAX.toNanos()) {
                    backoff = BACKOFF_FIRST;
                }
                Thread.sleep(backoff);
                backoff = backoff.multipliedBy(2).compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : backoff.multipliedBy(2);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection; false if there is nothing more to follow, true if it broke. */
    private boolean followOnce() throws IOException, InterruptedException {
        Optional<JournalKeeper.Place> place = compare();
        if (place.isEmpty()) {
            return false;
        }
        try (InputStream stream =
                agents.journal(projectId, sessionId, place.get().seq())) {
            return storeWhileAlive(
                    place.get(),
                    new BufferedReader(
                            new LineLimit(new InputStreamReader(stream, StandardCharsets.UTF_8), LINE_CHARACTERS_MAX)));
        }
    }

    private Optional<JournalKeeper.Place> compare() {
        Optional<JournalKeeper.Place> before = keeper.place(sessionId);
        return before.flatMap(place -> keeper.attach(sessionId, place, agents.status(projectId, sessionId)));
    }

    private boolean storeWhileAlive(JournalKeeper.Place place, BufferedReader lines)
            throws IOException, InterruptedException {
        Map<String, Translator> translators = new HashMap<>();
        boolean compared = false;
        long next = place.seq() + 1;
        while (true) {
            String first = readLine(lines);
            if (stopped.getAsBoolean()) {
                return false;
            }
            if (first == null) {
                return true;
            }
            if (isLookDue()
                    && keeper.place(sessionId)
                            .filter(now -> now.generation() == place.generation())
                            .isEmpty()) {
                // Another sandbox is wanted by now, or none: what this connection leads to is of the past.
                return true;
            }
            List<WrittenEntry> entries = entriesFrom(first, lines);
            if (!entries.isEmpty()) {
                if (!store(place.epoch(), next, entries, translators)) {
                    return false;
                }
                next = entries.getLast().entry().seq() + 1;
            } else if (!compared) {
                // Quiet means that we have all there is: a turn that the agent forgot meanwhile shows itself now.
                compared = true;
                compare();
            }
        }
    }

    /** A line and those that came with it. What the agent says during a store waits in the connection, and the agent with it. */
    private List<WrittenEntry> entriesFrom(String first, BufferedReader lines) throws IOException {
        List<WrittenEntry> entries = new ArrayList<>();
        int characters = 0;
        String line = first;
        while (line != null) {
            if (!line.equals(ALIVE)) {
                entries.add(following(entries, WrittenEntry.of(line, json)));
                characters += line.length();
            }
            line = entries.size() < BATCH_MAX && characters < BATCH_CHARACTERS_MAX && lines.ready()
                    ? readLine(lines)
                    : null;
        }
        return entries;
    }

    /** What a sandbox says is looked at before it is stored together with what others say. */
    private static WrittenEntry following(List<WrittenEntry> before, WrittenEntry entry) {
        long seq = entry.entry().seq();
        if (!before.isEmpty() && seq != before.getLast().entry().seq() + 1) {
            throw new IllegalStateException("journal entry " + seq + " (expected: "
                    + (before.getLast().entry().seq() + 1) + ")");
        }
        return entry;
    }

    /** The next line; null where the connection ended. */
    private static @Nullable String readLine(BufferedReader lines) throws LineLimit.TooLongException {
        try {
            return lines.readLine();
        } catch (LineLimit.TooLongException e) {
            throw e;
        } catch (IOException _) {
            // A broken connection ends it like a closed one does.
            return null;
        }
    }

    /** Together with those of other sessions if nothing but chunks follows from them; false if the session is over. */
    private boolean store(int epoch, long next, List<WrittenEntry> entries, Map<String, Translator> translators)
            throws InterruptedException {
        String turn = SpokenWords.turnOf(entries);
        Translator translator = turn == null ? null : translators.get(turn);
        if (turn != null && translator != null && entries.getFirst().entry().seq() == next) {
            if (writer.store(SpokenWords.Delivery.of(sessionId, epoch, turn, entries, translator, json))) {
                return true;
            }
            // It may have seen what was not stored.
            translators.clear();
        }
        return keeper.store(sessionId, epoch, entries, translators);
    }

    private boolean isLookDue() {
        boolean due = System.nanoTime() - looked >= LOOK_EVERY.toNanos();
        if (due) {
            looked = System.nanoTime();
        }
        return due;
    }
}
