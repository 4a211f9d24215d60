package dev.slipway.gateway.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.contracts.gateway.AuditRecord;
import dev.slipway.gateway.audit.AuditLog.Placed;
import dev.slipway.gateway.audit.AuditLog.Wanted;
import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The audit log, for administrators: in pages, newest first, or whole, oldest first, a JSON object a line. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/admin/audit")
class AuditController {
    private static final int EXPORT_PAGE = 500;

    private final AuditLog log;
    private final ObjectMapper json;

    AuditController(AuditLog log, ObjectMapper json) {
        this.log = log;
        this.json = json;
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entries(List<AuditRecord> entries, @Nullable String nextCursor) {}

    @Get
    Entries list(
            Admission admission,
            @Nullable @QueryValue String actor,
            @Nullable @QueryValue String project,
            @Nullable @QueryValue String action,
            @Nullable @QueryValue String outcome,
            @Nullable @QueryValue Instant since,
            @Nullable @QueryValue Instant until,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        admission.requireSystemAdmin();
        int size = Paging.limit(limit);
        Wanted wanted = new Wanted(actor, project, action, outcome, since, until);
        List<Placed> rows = log.before(position(cursor), wanted, size + 1);
        Page<Placed> page = Paging.page(rows, size, row -> Long.toString(row.position()));
        return new Entries(page.items().stream().map(Placed::entry).toList(), page.nextCursor());
    }

    @Get("/export")
    @Produces("application/x-ndjson")
    Publisher<byte[]> export(
            Admission admission, @Nullable @QueryValue Instant since, @Nullable @QueryValue Instant until) {
        admission.requireSystemAdmin();
        Wanted wanted = new Wanted(null, null, null, null, since, until);
        return Flux.<byte[], Long>generate(() -> 0L, (after, out) -> {
                    List<Placed> rows = log.after(after, wanted, EXPORT_PAGE);
                    if (rows.isEmpty()) {
                        out.complete();
                        return after;
                    }
                    out.next(lines(rows));
                    return rows.getLast().position();
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private byte[] lines(List<Placed> rows) {
        StringBuilder lines = new StringBuilder();
        try {
            for (Placed row : rows) {
                lines.append(json.writeValueAsString(row.entry())).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an audit record", e);
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long position(@Nullable String cursor) {
        String position = Paging.position(cursor);
        try {
            return position == null ? Long.MAX_VALUE : Long.parseLong(position);
        } catch (NumberFormatException _) {
            throw ProblemException.invalid("cursor", "not a cursor of this list");
        }
    }
}
