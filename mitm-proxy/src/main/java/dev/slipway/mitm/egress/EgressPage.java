package dev.slipway.mitm.egress;

import dev.slipway.contracts.mitm.EgressRecord;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a session's egress log.
 *
 * @param dropped how many records this process could not store since it started, of all sessions; 0 means that the log is complete
 */
@Serdeable
record EgressPage(List<EgressRecord> egress, @Nullable String nextCursor, long dropped) {}
