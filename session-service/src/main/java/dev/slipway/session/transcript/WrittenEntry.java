package dev.slipway.session.transcript;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.session.store.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;

/**
 * A journal entry as it came.
 *
 * @param data the text of the entry's data
 */
public record WrittenEntry(JournalEntry entry, String data) {

    /**
     * Reads a line of a journal.
     *
     * @throws IllegalArgumentException if it is none
     * @throws java.io.UncheckedIOException if it is no JSON
     */
    public static WrittenEntry of(String line, Json json) {
        Json.Parts parts = json.parts(line);
        try {
            return new WrittenEntry(
                    new JournalEntry(
                            Tree.number(parts.values(), "seq"),
                            Instant.parse(String.valueOf(parts.values().get("time"))),
                            Tree.text(parts.values(), "turn"),
                            Objects.requireNonNull(Tree.text(parts.values(), "kind")),
                            Tree.object(parts.values(), "data")),
                    parts.texts().getOrDefault("data", "{}"));
        } catch (DateTimeParseException | NullPointerException e) {
            throw new IllegalArgumentException("journal: not an entry (expected: seq, time, turn, kind, data)", e);
        }
    }
}
