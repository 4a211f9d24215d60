package dev.slipway.session.store;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.data.exceptions.DataAccessException;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs statements, in the transaction at hand or in one of their own. Arguments fill the question marks in order. */
@Singleton
public class Sql {
    private final JdbcOperations jdbc;
    private final DataSource database;

    Sql(JdbcOperations jdbc, DataSource database) {
        this.jdbc = jdbc;
        this.database = DelegatingDataSource.unwrapDataSource(database);
    }

    /** All rows of a question; the statement itself sets the limit. Outside of a transaction it is one, and begins and ends none. */
    @Connectable
    public <T> List<T> list(String statement, RowReader<T> reader, @Nullable Object... arguments) {
        return jdbc.prepareStatement(statement, prepared -> {
            bind(prepared, arguments);
            return rows(prepared, reader);
        });
    }

    private static <T> List<T> rows(PreparedStatement prepared, RowReader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet row = prepared.executeQuery()) {
            while (row.next()) {
                rows.add(reader.read(row));
            }
        }
        return rows;
    }

    /** The first row of a question. */
    @Connectable
    public <T> Optional<T> first(String statement, RowReader<T> reader, @Nullable Object... arguments) {
        return list(statement, reader, arguments).stream().findFirst();
    }

    /** Runs a change; gives the number of rows that it touched. */
    @Transactional
    public int update(String statement, @Nullable Object... arguments) {
        return jdbc.prepareStatement(statement, prepared -> {
            bind(prepared, arguments);
            return prepared.executeUpdate();
        });
    }

    /**
     * Runs a statement that changes and answers, and commits it: one way to the database and back where a transaction has two. Not within
     * a transaction.
     */
    public <T> List<T> commit(String statement, RowReader<T> reader, @Nullable Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            bind(prepared, arguments);
            return rows(prepared, reader);
        } catch (SQLException e) {
            throw new DataAccessException("cannot run a statement: " + e.getMessage(), e);
        }
    }

    /** Runs the same change once per row of arguments, in one go. */
    @Transactional
    public void batch(String statement, List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        jdbc.prepareStatement(statement, prepared -> {
            for (@Nullable Object[] row : rows) {
                bind(prepared, row);
                prepared.addBatch();
            }
            return prepared.executeBatch();
        });
    }

    private static void bind(PreparedStatement prepared, @Nullable Object[] arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            prepared.setObject(
                    i + 1,
                    argument instanceof Instant instant ? OffsetDateTime.ofInstant(instant, ZoneOffset.UTC) : argument);
        }
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface RowReader<T> {
        /** Makes a value of the row that the cursor is on. */
        T read(ResultSet row) throws SQLException;
    }

    /** A moment that is always there. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
