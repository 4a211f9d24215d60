package dev.slipway.container.terminal;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of terminal history. */
@Singleton
class TerminalStore {
    private static final long KEPT_BYTES = 2L * 1024 * 1024;

    /** In which order things at one position happened. */
    private static final String ORDER = "ARRAY['output', 'exited', 'started']";

    private final JdbcOperations jdbc;

    TerminalStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** The position up to which the session's history is here. */
    @Transactional
    public long end(String sessionId) {
        String sql = "SELECT coalesce(max(seq), 0) FROM terminal_entry WHERE session_id = ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, sessionId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        });
    }

    /** Adds one, unless another replica has been further already: pieces must not overlap. */
    @Transactional
    public void add(String sessionId, TerminalLine line) {
        byte[] bytes = line.bytes();
        jdbc.prepareStatement("SELECT pg_advisory_xact_lock(hashtext('terminal ' || ?))", lock -> {
            lock.setString(1, sessionId);
            return lock.execute();
        });
        jdbc.prepareStatement("""
                INSERT INTO terminal_entry (session_id, seq, kind, content, bytes, exit_code, created_at)
                SELECT ?, ?, ?, ?, ?, ?, coalesce(?, now())
                WHERE ? >= (SELECT coalesce(max(seq), 0) FROM terminal_entry WHERE session_id = ?)
                ON CONFLICT (session_id, seq, kind) DO NOTHING
                """, insert -> {
            insert.setString(1, sessionId);
            insert.setLong(2, line.seq());
            insert.setString(3, line.event() == null ? "output" : line.event());
            // Postgres has no text with a zero in it.
            insert.setString(4, new String(bytes, StandardCharsets.UTF_8).replace("\0", ""));
            insert.setInt(5, bytes.length);
            insert.setObject(6, line.exitCode());
            Instant time = line.time();
            insert.setTimestamp(7, time == null ? null : Timestamp.from(time));
            insert.setLong(8, line.seq() - bytes.length);
            insert.setString(9, sessionId);
            return insert.executeUpdate();
        });
    }

    /** Drops what is older than the newest megabytes. */
    @Transactional
    public void trim(String sessionId) {
        jdbc.prepareStatement("""
                DELETE FROM terminal_entry
                WHERE session_id = ? AND seq < (SELECT max(seq) FROM terminal_entry WHERE session_id = ?) - ?
                """, delete -> {
            delete.setString(1, sessionId);
            delete.setString(2, sessionId);
            delete.setLong(3, KEPT_BYTES);
            return delete.executeUpdate();
        });
    }

    @Transactional
    public void remove(String sessionId) {
        jdbc.prepareStatement("DELETE FROM terminal_entry WHERE session_id = ?", delete -> {
            delete.setString(1, sessionId);
            return delete.executeUpdate();
        });
    }

    /** The newest first, those before an entry's id if one is given. */
    @Transactional
    public List<TerminalEntry> list(String sessionId, @Nullable String before, int limit) {
        String sql = """
                SELECT seq, kind, content, exit_code, created_at FROM terminal_entry
                WHERE session_id = ?
                  AND (? OR (seq, array_position(%1$s, kind)) < (?, array_position(%1$s, ?)))
                ORDER BY seq DESC, array_position(%1$s, kind) DESC
                LIMIT ?
                """.formatted(ORDER);
        String[] position = before == null ? new String[] {"0", ""} : before.split("-", 2);
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, sessionId);
            select.setBoolean(2, before == null);
            select.setLong(3, Long.parseLong(position[0]));
            select.setString(4, position.length < 2 ? "" : position[1]);
            select.setInt(5, limit);
            return read(sessionId, select);
        });
    }

    private static List<TerminalEntry> read(String sessionId, PreparedStatement select) throws SQLException {
        List<TerminalEntry> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                long seq = row.getLong("seq");
                String kind = row.getString("kind");
                Integer code = row.getObject("exit_code", Integer.class);
                found.add(new TerminalEntry(
                        seq + "-" + kind,
                        sessionId,
                        seq,
                        kind,
                        row.getString("content"),
                        code,
                        row.getTimestamp("created_at").toInstant()));
            }
        }
        return found;
    }
}
