package dev.slipway.contracts.agent;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the supervisor's journal; {@code seq} counts from 1 without a gap. Kinds and their data: docs/CONTRACTS.md, section 5.
 */
@Serdeable
public record JournalEntry(long seq, Instant time, @Nullable String turn, String kind, Map<String, Object> data) {}
