package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks mitm-proxy for the usage of each of the caller's projects, one after another, and makes one list of it. */
@Singleton
class UsageService {
    private static final int PROJECTS_MAX = 200;

    private final Database database;
    private final Peers peers;

    UsageService(Database database, Peers peers) {
        this.database = database;
        this.peers = peers;
    }

    /** Which days, and by what the sums are. */
    record Asked(
            @Nullable String from,
            @Nullable String to,
            @Nullable String by) {
        private String query() {
            StringBuilder query = new StringBuilder();
            append(query, "from", from);
            append(query, "to", to);
            append(query, "by", by);
            return query.toString();
        }

        private static void append(StringBuilder query, String name, @Nullable String value) {
            if (value != null) {
                query.append('&').append(name).append('=').append(InternalClient.segment(value));
            }
        }
    }

    /** A page; each line is as mitm-proxy has it, and names its project. */
    @Serdeable
    record UsagePage(
            List<Map<String, Object>> usage, @Nullable String nextCursor) {}

    private record Membership(String projectId, Role role) {}

    /** Where a page begins: a project, and the cursor inside its list. */
    private record Position(String projectId, String inner) {
        static Position of(@Nullable String cursor) {
            String text = Paging.position(cursor);
            if (text == null) {
                return new Position("", "");
            }
            int blank = text.indexOf(' ');
            if (blank < 0) {
                throw ProblemException.invalid("cursor", "not a cursor of this list");
            }
            return new Position(text.substring(0, blank), text.substring(blank + 1));
        }
    }

    UsagePage list(Admission admission, Asked asked, @Nullable Integer limit, @Nullable String cursor) {
        int size = Paging.limit(limit);
        Position at = Position.of(cursor);
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Membership membership : memberships(admission.user().id(), at.projectId())) {
            Admission inside = new Admission(admission.visitor(), membership.projectId(), membership.role());
            String inner = membership.projectId().equals(at.projectId()) ? at.inner() : "";
            do {
                if (lines.size() == size) {
                    return new UsagePage(lines, Paging.cursor(membership.projectId() + " " + inner));
                }
                inner = read(inside, asked, size - lines.size(), inner, lines);
            } while (!inner.isEmpty());
        }
        return new UsagePage(lines, null);
    }

    /** Adds lines of one project; answers where to go on in it, empty at its end. */
    private String read(Admission inside, Asked asked, int limit, String inner, List<Map<String, Object>> lines) {
        String query = "usage?limit=" + limit + asked.query()
                + (inner.isEmpty() ? "" : "&cursor=" + InternalClient.segment(inner));
        Map<String, Object> page = peers.get(inside, Peers.USAGE, query);
        if (page.get("usage") instanceof List<?> found) {
            for (Object line : found) {
                if (line instanceof Map<?, ?> values) {
                    Map<String, Object> named = new LinkedHashMap<>();
                    named.put("projectId", inside.project());
                    values.forEach((name, value) -> named.put(String.valueOf(name), value));
                    lines.add(named);
                }
            }
        }
        return page.get("nextCursor") instanceof String next ? next : "";
    }

    private List<Membership> memberships(String user, String from) {
        return database.list(
                """
                SELECT m.project_id, m.role FROM member m JOIN project p ON p.id = m.project_id
                WHERE m.account_id = ? AND m.project_id >= ? AND p.deleted_at IS NULL
                ORDER BY m.project_id LIMIT ?
                """,
                row -> new Membership(row.getString("project_id"), Role.of(row.getString("role"))),
                user,
                from,
                PROJECTS_MAX);
    }
}
