package dev.slipway.container.warm;

import dev.slipway.container.runtime.Adoptions;
import dev.slipway.container.runtime.SandboxBounds;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of sandboxes that were made ahead, and of the starts that ask for more. */
@Singleton
public class WarmStore implements Adoptions {
    private static final String COLUMNS = "id, mold, state, cpus, memory_bytes, pids, container_id";
    private static final int ROWS_MAX = 1000;

    private final JdbcOperations jdbc;

    WarmStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional
    public Optional<Adoption> ofWarm(String warmId) {
        return adoption("id", warmId);
    }

    @Override
    @Transactional
    public Optional<Adoption> ofSession(String sessionId) {
        return adoption("session_id", sessionId);
    }

    /**
     * Gives a ready sandbox to the session, for good; the one that it was given before, if there is one. None where none fits, and
     * none for a wish that is no longer the newest.
     */
    @Transactional
    Optional<WarmSandbox> claim(String sessionId, String projectId, long generation, String mold) {
        Optional<WarmSandbox> before = claimed(sessionId, generation);
        return before.isPresent()
                ? before
                : select("""
                        UPDATE warm_sandbox
                        SET state = 'claimed', session_id = s.session_id, project_id = s.project_id, generation = s.generation,
                            claimed_at = now()
                        FROM sandbox s
                        WHERE s.session_id = ? AND s.project_id = ? AND s.generation = ? AND s.state = 'preparing'
                          AND warm_sandbox.id = (
                              SELECT id FROM warm_sandbox WHERE state = 'ready' AND mold = ?
                              ORDER BY made_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                          AND NOT EXISTS (SELECT 1 FROM warm_sandbox taken WHERE taken.session_id = s.session_id)
                        RETURNING id, mold, warm_sandbox.state, warm_sandbox.cpus, warm_sandbox.memory_bytes,
                            warm_sandbox.pids, warm_sandbox.container_id
                        """, update -> {
                            update.setString(1, sessionId);
                            update.setString(2, projectId);
                            update.setLong(3, generation);
                            update.setString(4, mold);
                        })
                        .stream()
                        .findFirst();
    }

    /** The one that this wish was given. */
    @Transactional
    Optional<WarmSandbox> claimed(String sessionId, long generation) {
        return select("SELECT " + COLUMNS + " FROM warm_sandbox WHERE session_id = ? AND generation = ?", select -> {
                    select.setString(1, sessionId);
                    select.setLong(2, generation);
                })
                .stream()
                .findFirst();
    }

    /** Forgets what the session was given, of which nothing is left on the engine. */
    @Transactional
    public void forgetSession(String sessionId) {
        change("DELETE FROM warm_sandbox WHERE session_id = ?", sessionId);
    }

    /** Sessions that were given one and are no more: a crash lay between their end and the forgetting. */
    @Transactional
    public List<String> findLeft() {
        return jdbc.prepareStatement("""
                SELECT w.session_id FROM warm_sandbox w
                LEFT JOIN sandbox s USING (session_id)
                WHERE w.state = 'claimed' AND w.claimed_at < now() - interval '10 minutes'
                  AND (s.session_id IS NULL OR s.state = 'removed')
                LIMIT 100
                """, select -> {
            List<String> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        });
    }

    /** Writes down one that is going to be made. */
    @Transactional
    void making(String id, String mold, SandboxBounds bounds) {
        jdbc.prepareStatement("""
                INSERT INTO warm_sandbox (id, mold, state, cpus, memory_bytes, pids) VALUES (?, ?, 'making', ?, ?, ?)
                """, insert -> {
            insert.setString(1, id);
            insert.setString(2, mold);
            insert.setDouble(3, bounds.cpus());
            insert.setLong(4, bounds.memoryBytes());
            insert.setInt(5, bounds.pids());
            return insert.executeUpdate();
        });
    }

    /** It may be taken from now on, unless it was discarded meanwhile. */
    @Transactional
    void ready(String id, String containerId) {
        jdbc.prepareStatement(
                "UPDATE warm_sandbox SET state = 'ready', container_id = ? WHERE id = ? AND state = 'making'",
                update -> {
                    update.setString(1, containerId);
                    update.setString(2, id);
                    return update.executeUpdate();
                });
    }

    /** Nobody is to take it any more; whether nobody has. */
    @Transactional
    boolean discard(String id) {
        return change("UPDATE warm_sandbox SET state = 'discarded' WHERE id = ? AND state IN ('making', 'ready')", id)
                == 1;
    }

    /** Discards those whose making has taken so long that whoever made them is gone. */
    @Transactional
    void discardStuck(long seconds) {
        jdbc.prepareStatement("""
                UPDATE warm_sandbox SET state = 'discarded'
                WHERE state = 'making' AND made_at < now() - ? * interval '1 second'
                """, update -> {
            update.setLong(1, seconds);
            return update.executeUpdate();
        });
    }

    /** Forgets a discarded one of which nothing is left on the engine. */
    @Transactional
    void forget(String id) {
        change("DELETE FROM warm_sandbox WHERE id = ? AND state = 'discarded'", id);
    }

    /** Whether it is being made or waits for a session. */
    @Transactional
    public boolean isKept(String id) {
        return find(id).filter(warm -> !warm.state().equals("discarded")).isPresent();
    }

    /** All that no session has taken, oldest first. */
    @Transactional
    List<WarmSandbox> findFree() {
        return select(
                "SELECT " + COLUMNS + " FROM warm_sandbox WHERE state <> 'claimed' ORDER BY made_at LIMIT " + ROWS_MAX,
                _ -> {});
    }

    /** Notes a start that a warm sandbox could serve. */
    @Transactional
    void wish(String image, long tmpBytes) {
        jdbc.prepareStatement("INSERT INTO warm_demand (image, tmp_bytes) VALUES (?, ?)", insert -> {
            insert.setString(1, image);
            insert.setLong(2, tmpBytes);
            return insert.executeUpdate();
        });
    }

    /** What was asked for in that time, the most wanted first; what is older is forgotten. */
    @Transactional
    List<Demand> demand(long seconds, int limit) {
        jdbc.prepareStatement("DELETE FROM warm_demand WHERE at < now() - ? * interval '1 second'", delete -> {
            delete.setLong(1, seconds);
            return delete.executeUpdate();
        });
        return jdbc.prepareStatement("""
                SELECT image, tmp_bytes, count(*) FILTER (WHERE at > now() - interval '1 minute') AS last_minute
                FROM warm_demand
                GROUP BY image, tmp_bytes
                ORDER BY last_minute DESC, count(*) DESC, image, tmp_bytes
                LIMIT ?
                """, select -> {
            select.setInt(1, limit);
            List<Demand> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Demand(row.getString(1), row.getLong(2), row.getInt(3)));
                }
            }
            return found;
        });
    }

    /** Whether some session waits for the processors now: not for an image, and not for long, as for what its repository wants done first. */
    @Transactional
    boolean isSomebodyWaiting() {
        return jdbc.prepareStatement("""
                SELECT 1 FROM sandbox
                WHERE state = 'preparing' AND phase IS DISTINCT FROM 'pulling_image' AND wanted_at > now() - interval '30 seconds'
                LIMIT 1
                """, select -> {
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        });
    }

    private Optional<WarmSandbox> find(String id) {
        return select("SELECT " + COLUMNS + " FROM warm_sandbox WHERE id = ?", select -> select.setString(1, id))
                .stream()
                .findFirst();
    }

    private Optional<Adoption> adoption(String column, String value) {
        String sql = "SELECT id, session_id, project_id, generation FROM warm_sandbox WHERE state = 'claimed' AND "
                + column + " = ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, value);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Adoption(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)))
                        : Optional.empty();
            }
        });
    }

    private int change(String sql, String id) {
        return jdbc.prepareStatement(sql, update -> {
            update.setString(1, id);
            return update.executeUpdate();
        });
    }

    private List<WarmSandbox> select(String sql, Binding binding) {
        return jdbc.prepareStatement(sql, select -> {
            binding.bind(select);
            List<WarmSandbox> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new WarmSandbox(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getDouble(4),
                            row.getLong(5),
                            row.getInt(6),
                            row.getString(7)));
                }
            }
            return found;
        });
    }

    @FunctionalInterface
    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }
}
